//! How far the judging is: a bar on a terminal, a line for each work elsewhere. All of it on the error stream; standard output is for the matrix.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::judging::{Finding, News, Task};
use crate::terminal::{Style, shows_progress};

#[derive(Debug)]
pub struct Watch<'a> {
    tasks: &'a [Task],
    /// Present on a terminal.
    bar: Option<ProgressBar>,
    ended: usize,
    /// What is under judgement, in the order in which it began.
    running: Vec<usize>,
}

impl<'a> Watch<'a> {
    pub fn new(tasks: &'a [Task], style: Style) -> Self {
        let bar = shows_progress(style).then(|| {
            let template = ProgressStyle::with_template("{bar:20} {pos} of {len} works, {elapsed}, {eta} left  {wide_msg}");
            let bar = ProgressBar::with_draw_target(Some(tasks.len() as u64), ProgressDrawTarget::stderr())
                .with_style(template.unwrap_or_else(|_| ProgressStyle::default_bar()));
            // So that the time goes on where nothing else is new.
            bar.enable_steady_tick(Duration::from_millis(500));
            bar
        });
        Self { tasks, bar, ended: 0, running: Vec::new() }
    }

    pub fn hear(&mut self, news: &News) {
        let line = self.line(news);
        match (&self.bar, line) {
            (Some(bar), _) => {
                bar.set_position(self.ended as u64);
                bar.set_message(self.running.iter().map(|task| self.tasks[*task].name.as_str()).collect::<Vec<_>>().join(", "));
            }
            (None, Some(line)) => eprintln!("{line}"),
            (None, None) => {}
        }
    }

    /// Takes the news in, and puts it into words where there is something to tell.
    fn line(&mut self, news: &News) -> Option<String> {
        let (task, what) = match news {
            News::Began(task) => {
                self.running.push(*task);
                return None;
            }
            News::Doubtful(task) => (*task, "is judged again, alone, when the others are done".to_owned()),
            News::Ended(task, finding) => {
                self.ended += 1;
                (*task, words(finding))
            }
        };
        self.running.retain(|it| *it != task);
        Some(format!("{} of {}: {} {what}", self.ended, self.tasks.len(), self.tasks[task].name))
    }

    pub fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn words(finding: &Finding) -> String {
    let judgement = &finding.judgement;
    let said = match (judgement.errors.first(), judgement.failed.is_empty()) {
        (Some(error), _) => error.lines().next().unwrap_or_default().to_owned(),
        (None, true) => "passes".to_owned(),
        (None, false) => format!("fails {}", judgement.failed.join(", ")),
    };
    match &finding.under_load {
        Some(first) if first != judgement => format!("{said} (otherwise than beside others)"),
        _ => said,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use unit_checks::{AppCommand, Unit};

    use super::{super::comparison::Judgement, *};

    #[test]
    fn a_line_tells_how_far_it_is_and_what_was_found() {
        let task =
            |name: &str| Task { name: name.to_owned(), unit: Unit::SignIn, work: AppCommand::binary(Path::new("app")).into(), seed: 7 };
        let tasks = [task("no-nonce"), task("solution-04 with seed 7")];
        let mut watch = Watch::new(&tasks, Style::Plain);
        let failed = Judgement { failed: vec!["U4-09".to_owned()], ..Judgement::default() };
        let passed = Finding { judgement: Judgement::default(), under_load: Some(failed.clone()) };
        let news = [
            News::Began(0),
            News::Began(1),
            News::Doubtful(1),
            News::Ended(0, Finding { judgement: failed, under_load: None }),
            News::Began(1),
            News::Ended(1, passed),
        ];
        let lines: Vec<String> = news.iter().filter_map(|news| watch.line(news)).collect();
        insta::assert_snapshot!(lines.join("\n"), @r"
        0 of 2: solution-04 with seed 7 is judged again, alone, when the others are done
        1 of 2: no-nonce fails U4-09
        2 of 2: solution-04 with seed 7 passes (otherwise than beside others)
        ");
    }
}
