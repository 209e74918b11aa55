//! The matrix as JSON for programs and as a table for people.

use serde::Serialize;

use super::comparison::{Judgement, Mutant, kills, problems};
use crate::terminal::{Ink, Style, count};

/// `abc-kill-matrix/v1`.
#[derive(Debug, Serialize)]
pub struct Matrix {
    pub schema: &'static str,
    pub reference: Reference,
    pub checks: Vec<CheckRow>,
    pub mutants: Vec<Mutant>,
}

/// Whether all wrong submissions of the units were judged; otherwise an idle check means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    Whole,
    Part,
}

/// The solutions themselves: what they fail, no wrong submission can be blamed for.
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

impl Matrix {
    pub fn new(reference: &[Judgement], checks: &[&str], mutants: Vec<Mutant>) -> Self {
        let not_passed = |it: &Judgement| it.failed.iter().chain(&it.blocked).chain(&it.errors).cloned().collect::<Vec<_>>();
        let failed: Vec<String> = reference.iter().flat_map(not_passed).collect();
        let checks = checks
            .iter()
            .map(|id| CheckRow { id: (*id).to_owned(), kills: kills(id, &mutants).into_iter().map(str::to_owned).collect() })
            .collect();
        Self { schema: "abc-kill-matrix/v1", reference: Reference { passed: failed.is_empty(), failed }, checks, mutants }
    }

    /// How many things are off.
    pub fn problems(&self) -> usize {
        self.reference.failed.len() + self.mutants.iter().map(|mutant| problems(mutant).len()).sum::<usize>()
    }

    pub fn render(&self, coverage: Coverage, style: Style) -> String {
        let mut text = String::new();
        if !self.reference.passed {
            text += &format!("{} the solution itself fails {}\n", style.paint(Ink::Bad, "wrong"), self.reference.failed.join(", "));
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
        let idle: Vec<&str> = self.checks.iter().filter(|check| check.kills.is_empty()).map(|check| check.id.as_str()).collect();
        if coverage == Coverage::Whole && !idle.is_empty() {
            text += &format!("{} no wrong submission here fails {}\n", style.paint(Ink::Faint, "note  "), idle.join(", "));
        }
        let summary = match self.problems() {
            0 => style.paint(Ink::Good, "every wrong submission is caught by its check"),
            number => style.paint(Ink::Bad, format!("{} with the matrix", count(number, "problem"))),
        };
        text + &format!("{}, {summary}\n", count(self.mutants.len(), "wrong submission"))
    }
}

#[cfg(test)]
mod tests {
    use super::{super::comparison::tests::mutant, *};

    fn matrix() -> Matrix {
        let mutants = vec![
            mutant("no-nonce", "U4-09", &[], &["U4-09"], &["U4-21"]),
            mutant("not-verified", "U4-11", &["U4-12"], &["U4-11", "U4-13"], &[]),
            Mutant { error: Some("does not build:\nerror[E0425]: cannot find `x`".to_owned()), ..mutant("typo", "U4-19", &[], &[], &[]) },
        ];
        Matrix::new(&[Judgement::default()], &["U4-09", "U4-11", "U4-12", "U4-13"], mutants)
    }

    #[test]
    fn the_table_lists_what_is_off_under_its_submission() {
        insta::assert_snapshot!(matrix().render(Coverage::Whole, Style::Plain));
        assert_eq!(matrix().problems(), 3);
    }

    #[test]
    fn the_json_has_the_published_shape() {
        insta::assert_json_snapshot!(matrix());
    }

    #[test]
    fn a_solution_that_fails_is_a_problem_of_its_own() {
        let reference = Judgement { failed: vec!["U4-06".to_owned()], ..Judgement::default() };
        let matrix = Matrix::new(&[reference], &[], Vec::new());
        assert_eq!((matrix.reference.passed, matrix.problems()), (false, 1));
        assert!(matrix.render(Coverage::Part, Style::Plain).contains("the solution itself fails U4-06"));
    }
}
