//! How far the grader can be trusted, in numbers.

use serde::Serialize;

use super::{
    comparison::Mutant,
    report::{CheckRow, RightWork},
};

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Share {
    pub count: usize,
    pub of: usize,
}

impl Share {
    /// `98.2 %`, never rounded up to all.
    pub fn percent(self) -> String {
        if self.of == 0 {
            return "none judged".to_owned();
        }
        let tenths = self.count * 1000 / self.of;
        if tenths.is_multiple_of(10) { format!("{} %", tenths / 10) } else { format!("{}.{} %", tenths / 10, tenths % 10) }
    }
}

/// Counted from the matrix.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// Wrong submissions killed by the check that names them, of all.
    pub sensitivity: Share,
    /// Runs of right works in which every check passed, of all.
    pub specificity: Share,
    /// Checks that failed in a wrong submission and have nothing to do with what is wrong there.
    pub unrelated_failures: usize,
    /// Checks that no wrong submission fails.
    pub checks_without_a_kill: Vec<String>,
    /// Runs of right works that passed only when they were judged again, alone.
    pub passed_only_alone: usize,
    /// With 95 % confidence, at most this share of runs of a right work ends with a wrong verdict. Runs that passed only alone count as wrong here.
    pub flake_rate_at_most: f64,
}

impl Figures {
    pub fn of(mutants: &[Mutant], right: &[RightWork], checks: &[CheckRow]) -> Self {
        let sum = |number: fn(&RightWork) -> usize| right.iter().map(number).sum::<usize>();
        let (runs, passed, only_alone) = (sum(|it| it.runs), sum(|it| it.passed), sum(|it| it.passed_only_alone));
        Self {
            sensitivity: Share { count: mutants.iter().filter(|mutant| mutant.is_killed()).count(), of: mutants.len() },
            specificity: Share { count: passed, of: runs },
            unrelated_failures: mutants.iter().map(|mutant| mutant.unrelated().count()).sum(),
            checks_without_a_kill: checks.iter().filter(|check| check.kills.is_empty()).map(|check| check.id.clone()).collect(),
            passed_only_alone: only_alone,
            flake_rate_at_most: upper_bound(runs - passed + only_alone, runs),
        }
    }

    /// The bound for a person.
    pub fn flake_sentence(&self) -> String {
        match self.flake_rate_at_most {
            rate if rate >= 0.5 => "too few runs to say how often a right work is judged wrongly".to_owned(),
            rate => format!("with 95 % confidence, at most 1 run in {:.0} judges a right work wrongly", (1.0 / rate).floor()),
        }
    }
}

/// The largest rate at which so few events in so many runs are still to be expected in 5 % of all cases (Clopper and Pearson 1934, one-sided). Without
/// any event it is about three divided by the number of runs, which is known as the rule of three.
fn upper_bound(events: usize, runs: usize) -> f64 {
    if events >= runs {
        return 1.0;
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if at_most(events, runs, middle) > 0.05 {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// The probability of at most so many events, each run having one at this rate.
fn at_most(events: usize, runs: usize, rate: f64) -> f64 {
    // By logarithms: the power of a number below one soon is too small for a number.
    let mut term = runs as f64 * (1.0 - rate).ln();
    let mut sum = term.exp();
    for event in 1..=events {
        term += (((runs - event + 1) as f64) / event as f64).ln() + (rate / (1.0 - rate)).ln();
        sum += term.exp();
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::{super::comparison::tests::mutant, *};

    #[test]
    fn without_an_event_the_bound_is_three_divided_by_the_runs() {
        for runs in [20, 200, 1000] {
            let bound = upper_bound(0, runs);
            assert!((bound * runs as f64 - 3.0).abs() < 0.25, "{runs} runs: {bound}");
        }
    }

    /// The bounds of Clopper and Pearson for 1 of 20 and 5 of 100, one-sided 95 %, as tables print them.
    #[test]
    fn with_events_the_bound_is_the_exact_one() {
        assert!((upper_bound(1, 20) - 0.2161).abs() < 0.0005);
        assert!((upper_bound(5, 100) - 0.1023).abs() < 0.0005);
        assert_eq!((upper_bound(3, 3), upper_bound(0, 0)), (1.0, 1.0));
    }

    #[test]
    fn a_survivor_an_unrelated_failure_and_an_idle_check_are_counted() {
        let mutants = [
            mutant("killed", "U4-09", &["U4-04"], &["U4-09", "U4-04"], &[]),
            mutant("survives", "U4-10", &[], &["U4-09"], &[]),
            Mutant { error: Some("does not build".to_owned()), ..mutant("broken", "U4-09", &[], &["U4-09"], &[]) },
        ];
        let right = [RightWork { runs: 200, passed: 199, passed_only_alone: 1, ..RightWork::default() }];
        let checks = [("U4-09", vec!["killed".to_owned()]), ("U4-10", Vec::new())];
        let checks = checks.map(|(id, kills)| CheckRow { id: id.to_owned(), kills });
        let figures = Figures::of(&mutants, &right, &checks);
        assert_eq!(figures.sensitivity, Share { count: 1, of: 3 });
        assert_eq!(figures.specificity, Share { count: 199, of: 200 });
        assert_eq!((figures.unrelated_failures, figures.checks_without_a_kill.as_slice()), (1, &["U4-10".to_owned()][..]));
        assert_eq!(figures.flake_rate_at_most, upper_bound(2, 200));
    }

    #[test]
    fn a_share_is_never_rounded_up_to_all() {
        let percent = |count, of| Share { count, of }.percent();
        assert_eq!([percent(9999, 10_000), percent(7, 7), percent(0, 0)], ["99.9 %", "100 %", "none judged"]);
    }
}
