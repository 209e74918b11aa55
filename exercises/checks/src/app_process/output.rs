//! What an app prints. All of it is read, so that the app never waits for us; the beginning and the end are kept.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::io::{AsyncRead, AsyncReadExt};

use crate::stopwatch::Stopwatch;

/// How much is kept of the beginning, and how much of the end.
const HALF: usize = 32 * 1024;
/// How much of it a message shows.
const SHOWN_LINES: usize = 16;
const SHOWN_LETTERS: usize = 1200;

/// The output of one process. Cloning gives another handle to it.
#[derive(Debug, Clone, Default)]
pub struct Output {
    kept: Arc<Mutex<Kept>>,
    open: Arc<AtomicUsize>,
}

#[derive(Debug, Default)]
struct Kept {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    dropped: usize,
}

impl Kept {
    fn add(&mut self, bytes: &[u8]) {
        let to_head = bytes.len().min(HALF - self.head.len());
        self.head.extend_from_slice(&bytes[..to_head]);
        self.tail.extend(&bytes[to_head..]);
        let surplus = self.tail.len().saturating_sub(HALF);
        self.tail.drain(..surplus);
        self.dropped += surplus;
    }
}

impl Output {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads a pipe to its end, in the background.
    pub(super) fn drain(&self, pipe: Option<impl AsyncRead + Unpin + Send + 'static>) {
        let Some(mut pipe) = pipe else { return };
        self.open.fetch_add(1, Ordering::SeqCst);
        let output = self.clone();
        tokio::spawn(async move {
            let mut buffer = vec![0; 8192];
            while let Ok(length @ 1..) = pipe.read(&mut buffer).await {
                output.kept().add(&buffer[..length]);
            }
            output.open.fetch_sub(1, Ordering::SeqCst);
        });
    }

    /// Waits until an ended process's last words are read, a second at most: a grandchild may hold the pipe open.
    pub(super) async fn settle(&self) {
        let waited = Stopwatch::start();
        while self.open.load(Ordering::SeqCst) > 0 && waited.elapsed() < Duration::from_secs(1) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// What was kept, with a mark where something was dropped.
    pub fn text(&self) -> String {
        let kept = self.kept();
        let mut text = String::from_utf8_lossy(&kept.head).into_owned();
        if kept.dropped > 0 {
            text += &format!("\n[… {} bytes are not kept …]\n", kept.dropped);
        }
        let tail: Vec<u8> = kept.tail.iter().copied().collect();
        text += &String::from_utf8_lossy(&tail);
        text
    }

    /// The last lines, fit for a message: control characters are taken out.
    pub fn tail(&self) -> String {
        let text = self.text();
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        if lines.is_empty() {
            return "It printed nothing.".to_owned();
        }
        let first = lines.len().saturating_sub(SHOWN_LINES);
        let shown = lines[first..].iter().map(|line| format!("  | {}", printable(line))).collect::<Vec<_>>().join("\n");
        let letters = shown.chars().count();
        let cut: String = shown.chars().skip(letters.saturating_sub(SHOWN_LETTERS)).collect();
        let mark = if first > 0 || letters > SHOWN_LETTERS { "Its last output:\n  | […]\n" } else { "Its output:\n" };
        format!("{mark}{cut}")
    }
}

/// Without terminal sequences and control characters.
fn printable(line: &str) -> String {
    let mut clean = String::new();
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            // A control sequence ends with a letter (ECMA-48 §5.4).
            if letters.next_if_eq(&'[').is_some() {
                while letters.next_if(|next| !next.is_ascii_alphabetic()).is_some() {}
                letters.next();
            }
        } else if !letter.is_control() || letter == '\t' {
            clean.push(letter);
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_keeps_its_beginning_and_its_end() {
        let output = Output::default();
        output.kept().add(b"first words\n");
        for _ in 0..40 {
            output.kept().add(&[b'x'; 30_000]);
        }
        output.kept().add(b"\nlast words");
        let text = output.text();
        assert!(text.starts_with("first words") && text.ends_with("last words") && text.contains("bytes are not kept"));
        assert!(text.len() < 2 * HALF + 100);
        assert!(output.tail().len() < 2 * SHOWN_LETTERS && output.tail().ends_with("last words"));
    }

    #[test]
    fn a_message_shows_no_control_characters() {
        assert_eq!(printable("\u{1b}[31mred\u{1b}[0m\u{7} text"), "red text");
    }
}
