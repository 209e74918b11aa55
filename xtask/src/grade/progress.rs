//! One line that says how far the checks are; on a terminal only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use unit_checks::Progress;

use crate::terminal::{Style, shows_progress};

pub struct ProgressLine(ProgressBar);

impl ProgressLine {
    pub fn new(style: Style) -> Self {
        let target = if shows_progress(style) { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let template =
            ProgressStyle::with_template("{bar:30} {pos} of {len} checks  {msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
        Self(ProgressBar::with_draw_target(None, target).with_style(template))
    }

    pub fn show(&self, news: &Progress) {
        self.0.set_length(news.total as u64);
        self.0.set_position(news.finished as u64);
        self.0.set_message(news.check.name());
    }

    pub fn clear(&self) {
        self.0.finish_and_clear();
    }
}
