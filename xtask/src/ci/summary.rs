//! The last lines of `ci`: each stage with its time, and everything that was skipped, by name.

use super::End;
use crate::terminal::{Ink, Style, count};

#[derive(Debug)]
pub struct Row {
    pub name: String,
    pub seconds: f64,
    pub end: End,
}

impl Row {
    pub fn line(&self, style: Style) -> String {
        let (ink, word, reason) = match &self.end {
            End::Passed => (Ink::Good, "passed", ""),
            End::Failed(reason) => (Ink::Bad, "FAILED", reason.as_str()),
            End::Skipped { reason, .. } => (Ink::Unsure, "skipped", reason.as_str()),
        };
        let line = format!("{} {:<16} {:>7.1} s  {reason}", style.paint(ink, format!("{word:<8}")), self.name, self.seconds);
        line.trim_end().to_owned()
    }
}

pub fn render(rows: &[Row], style: Style) -> String {
    let mut text = format!("\n{}\n{}", style.paint(Ink::Strong, "Stages"), style.rule(36));
    for row in rows {
        text += &format!("{}\n", row.line(style));
    }
    let total: f64 = rows.iter().map(|row| row.seconds).sum();
    let skipped: Vec<String> = rows
        .iter()
        .filter_map(|row| match &row.end {
            End::Skipped { need, reason } => Some(format!("  {} (needs {}): {reason}\n", row.name, need.name())),
            End::Passed | End::Failed(_) => None,
        })
        .collect();
    let failed = rows.iter().filter(|row| matches!(row.end, End::Failed(_))).count();
    text += &format!("\n{} in {:.0} s: {failed} failed, {} skipped\n", count(rows.len(), "stage"), total, skipped.len());
    if !skipped.is_empty() {
        text += "Skipped on this machine, and therefore not proved:\n";
        text += &skipped.concat();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{super::requirement::Need, *};

    #[test]
    fn the_summary_counts_failures_and_lists_skips() {
        let row = |name: &str, seconds, end| Row { name: name.to_owned(), seconds, end };
        let rows = [
            row("fmt", 1.04, End::Passed),
            row("kill-matrix", 61.0, End::Failed("see above".to_owned())),
            row("browser", 0.0, End::Skipped { need: Need::Browser, reason: "there is no node".to_owned() }),
        ];
        insta::assert_snapshot!(render(&rows, Style::Plain));
    }
}
