//! What a learner reads after grading: a table, what to mend, the score, the next step.

use unit_checks::{CheckResult, GradingReport, Profile, Unit, Verdict, render as feedback};

use super::{Graded, submission::remedy};
use crate::terminal::{Ink, Style, count, printable, wrap};

/// How much feedback is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feedback {
    /// The security gates, and the first few of the others: a page that a person reads to its end.
    Next,
    /// All of it.
    All,
}

/// So many failures that are no gates are explained at a time.
const NEXT: usize = 3;

/// `cmd` is the command line of an app in another language.
pub fn render(graded: &Graded, cmd: Option<&str>, extent: Feedback, style: Style) -> String {
    let report = &graded.report;
    let heading = format!("Unit {}: {}", short_number(report), report.unit.title());
    let mut text = format!("\n{}\n", style.paint(Ink::Strong, heading));
    text += &format!("profile {}, seed {}\n", report.profile, report.seed);
    if let Some(complaint) = &graded.build_error {
        text += &format!("\n{}\n\n{}\n", style.paint(Ink::Bad, "It does not build, so nothing could be checked."), printable(complaint));
        text += &format!("\nScore: 0 of {} points.\n{}", report.max_points(), wrap(&format!("Next: {}", remedy(report.unit, complaint))));
        return text;
    }
    text += &table(report, style);
    text += &feedback_of_each(report, extent, style);
    text += &score(report, style);
    text + &next_step(report, cmd)
}

/// `4`, as a person writes it.
fn short_number(report: &GradingReport) -> &'static str {
    report.unit.number().trim_start_matches('0')
}

fn table(report: &GradingReport, style: Style) -> String {
    let mut text = match style {
        Style::Plain => String::new(),
        Style::Ruled | Style::Coloured => {
            format!("\n{:<7} {:<8} {:>7}  {}\n{}", "check", "verdict", "points", "what holds", style.rule(78))
        }
    };
    for result in &report.results {
        let CheckResult { check, verdict, .. } = result;
        let earned = if *verdict == Verdict::Pass { check.points } else { 0 };
        let points = if matches!(verdict, Verdict::Skipped(_)) { "-".to_owned() } else { format!("{earned}/{}", check.points) };
        let gate = if check.gate.is_some() { " [gate]" } else { "" };
        let verdict = style.paint(ink(verdict), format!("{:<8}", verdict.word()));
        text += &format!("{:<7} {verdict} {points:>7}  {}{gate}\n", check.id, check.title);
    }
    text
}

fn ink(verdict: &Verdict) -> Ink {
    match verdict {
        Verdict::Pass => Ink::Good,
        Verdict::Fail(_) | Verdict::Timeout(_) => Ink::Bad,
        Verdict::Blocked { .. } | Verdict::Error(_) => Ink::Unsure,
        Verdict::Skipped(_) => Ink::Faint,
    }
}

/// What did not pass, with what to do. A blocked check costs nobody a paragraph: it is in the table.
fn feedback_of_each(report: &GradingReport, extent: Feedback, style: Style) -> String {
    let mut text = String::new();
    let mut others = 0;
    let mut later = Vec::new();
    for result in report.results.iter().filter(|it| matches!(it.verdict, Verdict::Fail(_) | Verdict::Timeout(_) | Verdict::Error(_))) {
        others += usize::from(result.check.gate.is_none());
        if extent == Feedback::Next && result.check.gate.is_none() && others > NEXT {
            later.push(result.check.id);
            continue;
        }
        text += &format!("\n{}\n{}", style.paint(Ink::Strong, result.check.name()), printable(&feedback(result)));
    }
    if !later.is_empty() {
        let more = format!("{} for later: {}. --all explains all of them now.", count(later.len(), "more failure"), later.join(", "));
        text += &format!("\n{}", wrap(&more));
    }
    for (by, blocked) in blocked(report) {
        text += &format!("\n{}", wrap(&format!("Not judged until {by} passes: {}", blocked.join(", "))));
    }
    for (reason, skipped) in skipped(report) {
        text += &format!("\n{}", wrap(&format!("Not judged and not counted: {} ({reason})", skipped.join(", "))));
    }
    text
}

/// Blocked checks by the check that blocks them, in the order of the unit.
fn blocked(report: &GradingReport) -> Vec<(&str, Vec<&'static str>)> {
    grouped(report, |verdict| if let Verdict::Blocked { by } = verdict { Some(by) } else { None })
}

/// Skipped checks by the reason, in the order of the unit.
fn skipped(report: &GradingReport) -> Vec<(&str, Vec<&'static str>)> {
    grouped(report, |verdict| if let Verdict::Skipped(reason) = verdict { Some(reason) } else { None })
}

fn grouped(report: &GradingReport, key: impl Fn(&Verdict) -> Option<&str>) -> Vec<(&str, Vec<&'static str>)> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for result in &report.results {
        let Some(key) = key(&result.verdict) else { continue };
        match groups.iter_mut().find(|(it, _)| *it == key) {
            Some((_, ids)) => ids.push(result.check.id),
            None => groups.push((key, vec![result.check.id])),
        }
    }
    groups
}

fn score(report: &GradingReport, style: Style) -> String {
    let (score, of) = (report.score(), report.max_points());
    let ink = if report.all_passed() { Ink::Good } else { Ink::Unsure };
    let mut text = format!("\n{}\n", style.paint(ink, format!("Score: {score} of {of} points ({} %)", percent(score, of))));
    let gates: Vec<&str> = report.failed_gates().iter().map(|check| check.id).collect();
    if !gates.is_empty() {
        let effect = match report.points() {
            points if points > score => format!("the unit is capped at 60 %; without the cap it has {points} points"),
            _ => "while one fails, the unit is worth 60 % at most".to_owned(),
        };
        text += &format!("Failed {}: {}: {effect}.\n", if gates.len() == 1 { "gate" } else { "gates" }, gates.join(", "));
    }
    text
}

/// Rounded down, so that 100 % means all of it.
pub fn percent(score: u32, of: u32) -> u32 {
    (score * 100).checked_div(of).unwrap_or(0)
}

fn next_step(report: &GradingReport, cmd: Option<&str>) -> String {
    let again = |check: &str| match cmd {
        Some(line) => {
            let line = if line.contains('"') { format!("'{line}'") } else { format!("\"{line}\"") };
            format!("cargo xtask grade --unit {} --cmd {line} --profile {} --seed {}", short_number(report), report.profile, report.seed)
        }
        None => format!("cargo test -p {} -- {check}", report.unit),
    };
    let broken = report.results.iter().filter(|result| matches!(result.verdict, Verdict::Error(_))).count();
    if broken > 0 {
        return format!(
            "Next: {} could not be judged; that is not your app's fault. Run again with --seed {}.\n",
            count(broken, "check"),
            report.seed
        );
    }
    // Gates first: they cap everything else. Then in the order of the unit, which is the order of the book.
    let open = || report.results.iter().filter(|result| matches!(result.verdict, Verdict::Fail(_) | Verdict::Timeout(_)));
    match open().find(|result| result.check.gate.is_some()).or_else(|| open().next()) {
        Some(result) => {
            let next = wrap(&format!("Next: {}. {}", result.check.name(), result.check.hint));
            format!("{next}Then: {}\n", again(result.check.id))
        }
        None if report.profile == Profile::Core => "Next: every check of profile core passes. Try --profile strict.\n".to_owned(),
        None if report.unit == Unit::Summary => "Every check passes. This was the last unit: you have finished the course.\n".to_owned(),
        None => "Next: every check passes. On to the next unit of the book.\n".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::samples::{failure, graded},
        *,
    };

    /// The report, with the feedback shortened: its words are tested where they are made.
    fn shown(graded: &Graded, cmd: Option<&str>, style: Style) -> String {
        let text = render(graded, cmd, Feedback::All, style);
        graded.report.results.iter().map(feedback).filter(|it| !it.is_empty()).fold(text, |text, it| text.replace(&it, "  <feedback>\n"))
    }

    #[test]
    fn a_failed_gate_caps_the_score_and_is_the_next_step() {
        let late = Verdict::Skipped("judged in profile strict only".to_owned());
        insta::assert_snapshot!(shown(&graded(&[late, failure(), Verdict::Pass]), None, Style::Ruled));
    }

    #[test]
    fn plain_text_has_one_fact_a_line() {
        insta::assert_snapshot!(shown(
            &graded(&[failure(), Verdict::Blocked { by: "U4-90" }, Verdict::Pass]),
            Some("python app.py"),
            Style::Plain
        ));
    }

    #[test]
    fn work_that_passes_is_told_to_go_on() {
        insta::assert_snapshot!(shown(&graded(&[Verdict::Pass, Verdict::Pass]), None, Style::Plain));
    }

    #[test]
    fn after_the_last_unit_there_is_no_next_one() {
        let mut last = graded(&[Verdict::Pass]);
        last.report.unit = Unit::Summary;
        let said = shown(&last, None, Style::Plain);
        assert!(said.contains("you have finished the course") && !said.contains("next unit"), "{said}");
    }

    #[test]
    fn a_build_that_failed_shows_the_compiler_and_the_remedy() {
        let broken = Graded { build_error: Some("error[E0308]: mismatched types".to_owned()), ..graded(&[failure()]) };
        insta::assert_snapshot!(shown(&broken, None, Style::Plain));
    }

    #[test]
    fn colour_marks_the_verdicts_and_nothing_that_an_app_wrote() {
        let text = render(&graded(&[Verdict::Timeout("\u{1b}[2J".to_owned())]), None, Feedback::All, Style::Coloured);
        assert!(text.contains("\u{1b}[31mtimeout") && !text.contains("\u{1b}[2J"));
    }

    #[test]
    fn the_gates_and_the_next_three_are_explained_and_the_others_are_named() {
        let mut many = graded(&[failure(), failure()]);
        let [plain, gate] = [many.report.results[0].clone(), many.report.results[1].clone()];
        many.report.results = [&plain, &plain, &plain, &plain, &gate, &plain].into_iter().cloned().collect();
        let explained = |extent| render(&many, None, extent, Style::Plain).matches("Sent:").count();
        assert_eq!((explained(Feedback::Next), explained(Feedback::All)), (4, 6));
        let text = render(&many, None, Feedback::Next, Style::Plain);
        assert!(text.contains("2 more failures for later: U4-90, U4-90. --all explains"), "{text}");
    }

    #[test]
    fn only_all_points_are_a_hundred_percent() {
        assert_eq!([percent(199, 200), percent(200, 200), percent(0, 0)], [99, 100, 0]);
    }
}
