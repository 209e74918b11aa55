//! The matrix as JSON for programs and as a table for people.

use serde::Serialize;

use super::{
    comparison::{Mutant, kills, problems},
    figures::Figures,
};
use crate::terminal::{Ink, Style, count};

/// `abc-kill-matrix/v1`.
#[derive(Debug, Serialize)]
pub struct Matrix {
    pub schema: &'static str,
    pub coverage: Coverage,
    /// The first and the last day of judging.
    pub judged: Option<(String, String)>,
    pub reference: Reference,
    pub figures: Figures,
    pub checks: Vec<CheckRow>,
    pub right: Vec<RightWork>,
    /// Right works that could not be had on this machine, and why.
    pub skipped: Option<String>,
    pub mutants: Vec<Mutant>,
}

/// Which wrong submissions were judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Coverage {
    /// All there are.
    Whole,
    /// All of one unit.
    Unit,
    /// Some. A check without a kill then means nothing.
    Part,
}

/// The right works themselves: what they fail, no wrong submission can be blamed for.
#[derive(Debug, Serialize)]
pub struct Reference {
    pub passed: bool,
    pub failed: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct CheckRow {
    pub id: String,
    pub kills: Vec<String>,
}

/// A work that must pass, and how often it did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RightWork {
    /// `solution-04`, or the name of a right app in another style.
    pub id: String,
    pub unit: String,
    pub runs: usize,
    pub passed: usize,
    /// Those of `passed` that failed at first, beside others.
    pub passed_only_alone: usize,
    /// Seed and what failed with it.
    pub failures: Vec<(u64, String)>,
}

/// What a matrix is made of.
#[derive(Debug)]
pub struct Facts {
    pub coverage: Coverage,
    pub judged: Option<(String, String)>,
    pub right: Vec<RightWork>,
    pub skipped: Option<String>,
    pub mutants: Vec<Mutant>,
}

impl Matrix {
    pub fn new(checks: &[&str], facts: Facts) -> Self {
        let Facts { coverage, judged, right, skipped, mutants } = facts;
        let failure = |work: &RightWork, (seed, text): &(u64, String)| format!("{} with seed {seed}: {text}", work.id);
        let failed: Vec<String> = right.iter().flat_map(|work| work.failures.iter().map(|it| failure(work, it))).collect();
        let checks: Vec<CheckRow> = checks
            .iter()
            .map(|id| CheckRow { id: (*id).to_owned(), kills: kills(id, &mutants).into_iter().map(str::to_owned).collect() })
            .collect();
        let figures = Figures::of(&mutants, &right, &checks);
        let reference = Reference { passed: failed.is_empty(), failed };
        Self { schema: "abc-kill-matrix/v1", coverage, judged, reference, figures, checks, right, skipped, mutants }
    }

    /// How many things are off.
    pub fn problems(&self) -> usize {
        self.reference.failed.len() + self.mutants.iter().map(|mutant| problems(mutant).len()).sum::<usize>() + self.idle_checks().len()
    }

    /// The checks of which it is proved that no wrong submission fails them.
    fn idle_checks(&self) -> &[String] {
        if self.coverage == Coverage::Part { &[] } else { &self.figures.checks_without_a_kill }
    }

    pub fn render(&self, style: Style) -> String {
        let mut text = String::new();
        for failed in &self.reference.failed {
            text += &format!("{} a right work fails: {failed}\n", style.paint(Ink::Bad, "wrong "));
        }
        let width = self.mutants.iter().map(|mutant| mutant.id.len()).max().unwrap_or_default();
        for mutant in &self.mutants {
            let problems = problems(mutant);
            let verdict = if problems.is_empty() { style.paint(Ink::Good, "killed") } else { style.paint(Ink::Bad, "wrong ") };
            text += &format!("{verdict} {:<width$}  by {}", mutant.id, mutant.expected.join(", "));
            for (what, list) in [("also", &mutant.also), ("blocked", &mutant.blocked)] {
                if !list.is_empty() {
                    text += &format!("; {what} {}", list.join(", "));
                }
            }
            text.push('\n');
            for problem in problems {
                text += &crate::terminal::indent(&problem, "       ");
            }
        }
        if !self.idle_checks().is_empty() {
            text += &format!("{} no wrong submission fails {}\n", style.paint(Ink::Bad, "wrong "), self.idle_checks().join(", "));
        }
        text + &self.summary(style)
    }

    fn summary(&self, style: Style) -> String {
        let Figures { sensitivity, specificity, unrelated_failures, passed_only_alone, .. } = &self.figures;
        let mut text = String::new();
        if let Some(reason) = &self.skipped {
            text += &format!("{} right apps in another style are not judged: {reason}\n", style.paint(Ink::Unsure, "note  "));
        }
        let differed: Vec<&str> = self.mutants.iter().filter(|it| it.differed_under_load).map(|it| it.id.as_str()).collect();
        if !differed.is_empty() {
            text += &format!("{} judged otherwise beside others than alone: {}\n", style.paint(Ink::Unsure, "note  "), differed.join(", "));
        }
        let of = |share: &super::figures::Share| format!("{} ({} of {})", share.percent(), share.count, share.of);
        if !self.mutants.is_empty() {
            text += &format!("sensitivity {}: wrong submissions killed by their named check\n", of(sensitivity));
        }
        if !self.right.is_empty() {
            text += &format!("specificity {}: runs of right works that pass every check\n", of(specificity));
            text += &format!(
                "flakes: {passed_only_alone} of {} runs passed only when judged again alone; {}\n",
                specificity.of,
                self.figures.flake_sentence()
            );
        }
        text += &format!("unrelated failures: {unrelated_failures}\n");
        let summary = match self.problems() {
            0 if self.mutants.is_empty() => style.paint(Ink::Good, "every right work passes"),
            0 => style.paint(Ink::Good, "every wrong submission is caught by its check"),
            number => style.paint(Ink::Bad, format!("{} with the matrix", count(number, "problem"))),
        };
        text + &format!("{}, {summary}\n", count(self.mutants.len(), "wrong submission"))
    }
}

#[cfg(test)]
pub mod tests {
    use super::{super::comparison::tests::mutant, *};

    fn right(failures: &[(u64, &str)]) -> RightWork {
        RightWork {
            id: "solution-04".to_owned(),
            unit: "04".to_owned(),
            runs: 20,
            passed: 20 - failures.len(),
            passed_only_alone: 1,
            failures: failures.iter().map(|(seed, text)| (*seed, (*text).to_owned())).collect(),
        }
    }

    pub fn matrix(coverage: Coverage) -> Matrix {
        let mutants = vec![
            mutant("no-nonce", "U4-09", &[], &["U4-09"], &["U4-21"]),
            mutant("not-verified", "U4-11", &["U4-12"], &["U4-11", "U4-13"], &[]),
            Mutant { error: Some("does not build:\nerror[E0425]: cannot find `x`".to_owned()), ..mutant("typo", "U4-19", &[], &[], &[]) },
        ];
        let judged = Some(("2026-11-25".to_owned(), "2026-11-26".to_owned()));
        let facts = Facts { coverage, judged, right: vec![right(&[])], skipped: None, mutants };
        Matrix::new(&["U4-09", "U4-11", "U4-12", "U4-13"], facts)
    }

    #[test]
    fn the_table_lists_what_is_off_under_its_submission() {
        insta::assert_snapshot!(matrix(Coverage::Whole).render(Style::Plain));
        assert_eq!(matrix(Coverage::Whole).problems(), 4);
    }

    #[test]
    fn a_check_without_a_kill_is_a_problem_only_where_all_were_judged() {
        assert_eq!(matrix(Coverage::Part).problems(), 3);
        assert!(!matrix(Coverage::Part).render(Style::Plain).contains("no wrong submission fails U4-12"));
    }

    #[test]
    fn the_json_has_the_published_shape() {
        insta::assert_json_snapshot!(matrix(Coverage::Unit));
    }

    #[test]
    fn a_right_work_that_fails_is_a_problem_of_its_own() {
        let facts = Facts {
            coverage: Coverage::Part,
            judged: None,
            right: vec![right(&[(7, "U4-06")])],
            skipped: Some("failed to download `jiff`".to_owned()),
            mutants: Vec::new(),
        };
        let matrix = Matrix::new(&[], facts);
        assert_eq!((matrix.reference.passed, matrix.problems()), (false, 1));
        insta::assert_snapshot!(matrix.render(Style::Plain));
    }
}
