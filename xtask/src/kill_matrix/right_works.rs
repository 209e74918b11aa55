//! What must pass: the solutions with many seeds, and the right apps in another style. A check that refuses one of them is wrong.

use anyhow::Result;
use unit_checks::Unit;

use super::{
    keys::Keys,
    proof::{Known, Subject},
    report::RightWork,
    works::{Source, solution_name},
};
use crate::check_exercises::alternatives;

/// Which of them, and with which seeds (`None`: any).
#[derive(Debug)]
pub struct RightWorks {
    pub units: Vec<Unit>,
    pub seeds: Vec<Option<u64>>,
    /// The right apps in another style; they are judged in those of their units that are among `units`.
    pub alternatives: Vec<alternatives::Named>,
}

/// What a run is counted under: the name of the work and its unit.
pub type Name = (String, Unit);

impl RightWorks {
    /// Every run. The right apps in another style have one each, with the first seed.
    pub fn subjects(&self, keys: &Keys) -> Result<Vec<(Name, Subject<'_>)>> {
        let mut subjects = Vec::new();
        for unit in self.units.iter().copied() {
            let name = solution_name(unit);
            let key = keys.of(Source::Solution, unit)?;
            let run =
                |seed: &Option<u64>| ((name.clone(), unit), Subject { source: Source::Solution, unit, seed: *seed, key: key.clone() });
            subjects.extend(self.seeds.iter().map(run));
        }
        let pairs = self.alternatives.iter().flat_map(|(name, units)| units.iter().map(move |unit| (name, *unit)));
        for (name, unit) in pairs.filter(|(_, unit)| self.units.contains(unit)) {
            let (source, seed) = (Source::Alternative(name), self.seeds.first().copied().flatten());
            subjects.push(((name.clone(), unit), Subject { source, unit, seed, key: keys.of(source, unit)? }));
        }
        Ok(subjects)
    }
}

/// The runs counted by work, and why some could not be made.
pub fn summed_up(names: &[Name], known: &[Known]) -> (Vec<RightWork>, Option<String>) {
    let (mut works, mut skipped) = (Vec::<RightWork>::new(), None);
    for ((id, unit), known) in names.iter().zip(known) {
        let kept = match known {
            Known::Kept(kept) => kept,
            Known::Unavailable(reason) => {
                skipped = Some(reason.clone());
                continue;
            }
        };
        if works.last().is_none_or(|work| work.id != *id || work.unit != unit.number()) {
            works.push(RightWork { id: id.clone(), unit: unit.number().to_owned(), ..RightWork::default() });
        }
        let work = works.last_mut().expect("there is one, see above");
        let judgement = &kept.finding.judgement;
        work.runs += 1;
        if judgement.passed() {
            work.passed += 1;
            work.passed_only_alone += usize::from(kept.finding.under_load.is_some());
        } else {
            let not_passed: Vec<_> = [&judgement.failed, &judgement.blocked, &judgement.errors].into_iter().flatten().cloned().collect();
            work.failures.push((kept.seed, not_passed.join(", ")));
        }
    }
    (works, skipped)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{comparison::Judgement, judging::Finding, results::Kept},
        *,
    };

    #[test]
    fn runs_are_counted_by_work_and_a_pass_alone_is_not_hidden() {
        let failed = Judgement { failed: vec!["U4-06".to_owned()], ..Judgement::default() };
        let run = |seed, judgement: &Judgement, under_load: Option<&Judgement>| {
            let finding = Finding { judgement: judgement.clone(), under_load: under_load.cloned() };
            Known::Kept(Box::new(Kept { key: String::new(), name: String::new(), seed, date: String::new(), finding }))
        };
        let passed = Judgement::default();
        let solution = ("solution-04".to_owned(), Unit::SignIn);
        let names = [solution.clone(), solution.clone(), solution, ("form-post".to_owned(), Unit::SignIn)];
        let known = [
            run(1, &passed, None),
            run(2, &passed, Some(&failed)),
            run(3, &failed, Some(&failed)),
            Known::Unavailable("failed to download `jiff`".to_owned()),
        ];
        let (works, skipped) = summed_up(&names, &known);
        let [work] = &works[..] else { panic!("one work was judged: {works:?}") };
        assert_eq!((work.runs, work.passed, work.passed_only_alone), (3, 2, 1));
        assert_eq!(work.failures, [(3, "U4-06".to_owned())]);
        assert_eq!(skipped.as_deref(), Some("failed to download `jiff`"));
    }
}
