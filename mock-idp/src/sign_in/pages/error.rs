//! The error page: what went wrong as Entra tells it, and below it what the practice directory knows besides.
//!
//! An error is shown here, and not sent to the app, as long as the app or its redirect URI is not trusted (RFC 6749
//! §4.1.2.1).

use maud::{Markup, html};

use super::difference::{FirstDifference, exact, marked};
use crate::html::{BOOK, layout, outside_text};

/// What the error page shows.
#[derive(Debug, Clone)]
pub struct ErrorPage {
    /// The page's heading and title, "Sign in" for everything that `/authorize` refuses.
    pub heading: String,
    /// The number after `AADSTS`.
    pub code: u32,
    /// The text after `AADSTSnnnnn: `.
    pub message: String,
    /// Our id of the request.
    pub request_id: String,
    /// The id that the caller gave its request, or one of ours.
    pub correlation_id: String,
    /// The time of the request, as Entra's errors write it.
    pub timestamp: String,
    /// What only a practice directory tells.
    pub explanation: Option<Explanation>,
}

/// Expected and received, side by side. A real directory says as little as it can; this one is here to teach.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// The values that would have been right, the nearest first; empty when there is none to name.
    pub expected: Vec<String>,
    /// How many more would have been right.
    pub not_listed: usize,
    /// The value that came; empty when none came.
    pub received: String,
    /// What to do about it, as a sentence.
    pub remedy: String,
    /// Where it can be put right.
    pub fix: Option<Fix>,
}

/// The page of the portal on which the trouble can be ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What the link says.
    pub text: &'static str,
    /// Path of the page.
    pub href: String,
}

/// Renders the page.
pub fn render(page: &ErrorPage) -> Markup {
    layout::document(
        &page.heading,
        html! {
            div class="card wide" {
                h1 { (page.heading) }
                p class="lead" { "Sorry, but we're having trouble signing you in." }
                p class="code-line" { bdi { "AADSTS" (page.code) ": " (page.message) } }
                section aria-labelledby="troubleshooting" {
                    h2 id="troubleshooting" { "Troubleshooting details" }
                    p class="note" { "Send these when you ask somebody for help." }
                    dl class="facts" {
                        div { dt { "Request Id" } dd { code { (outside_text(&page.request_id)) } } }
                        div { dt { "Correlation Id" } dd { code { (outside_text(&page.correlation_id)) } } }
                        div { dt { "Timestamp" } dd { code { (page.timestamp) } } }
                        div { dt { "Message" } dd { bdi { "AADSTS" (page.code) ": " (page.message) } } }
                    }
                }
                section class="explanation" aria-labelledby="explanation" {
                    h2 id="explanation" { "In this practice directory" }
                    @if let Some(explanation) = &page.explanation { (explained(explanation)) }
                    p class="note" {
                        "While the book is served, it has a page about this error: "
                        a href={ (BOOK) "/aadsts/" (page.code) ".html" } { "AADSTS" (page.code) } "."
                    }
                }
            }
        },
    )
}

/// The values with the longest beginning in common with `received` first; of these `listed`, and how many are left out.
pub fn nearest_first(mut expected: Vec<String>, received: &str, listed: usize) -> (Vec<String>, usize) {
    let shared = |value: &String| FirstDifference::between(value, received).map_or(usize::MAX, |difference| difference.shared);
    expected.sort_by_key(|value| std::cmp::Reverse(shared(value)));
    let left_out = expected.len().saturating_sub(listed);
    expected.truncate(listed);
    (expected, left_out)
}

fn explained(explanation: &Explanation) -> Markup {
    let nearest = FirstDifference::to_nearest(&explanation.expected, &explanation.received);
    let shared_with_nearest = nearest.as_ref().map(|(_, difference)| difference.shared);
    html! {
        @if !explanation.expected.is_empty() || !explanation.received.is_empty() {
            dl class="facts" {
                div {
                    dt { @if explanation.expected.len() > 1 { "Expected one of" } @else { "Expected" } }
                    @if explanation.expected.is_empty() { dd { (compared("", None)) } }
                    @for value in &explanation.expected {
                        @let is_nearest = nearest.as_ref().is_some_and(|(nearest, _)| nearest == value);
                        dd { (compared(value, shared_with_nearest.filter(|_| is_nearest))) }
                    }
                    @if explanation.not_listed > 0 { dd class="note" { "and " (explanation.not_listed) " more" } }
                }
                div {
                    dt { "Received" }
                    dd { (compared(&explanation.received, shared_with_nearest)) }
                }
            }
            @if let Some((nearest, difference)) = &nearest {
                @if !explanation.received.is_empty() {
                    p {
                        @if explanation.expected.len() > 1 {
                            "The nearest is " (exact(nearest)) ". "
                        }
                        (difference.sentence())
                    }
                }
            }
        }
        p class="remedy" { strong { "What to do: " } (outside_text(&explanation.remedy)) }
        @if let Some(fix) = &explanation.fix {
            p { a class="onward" href=(fix.href) { (fix.text) } }
        }
    }
}

/// A value as it is, letter by letter; with a mark where it differs.
fn compared(value: &str, shared: Option<usize>) -> Markup {
    html! {
        @match (value, shared) {
            ("", _) => span class="note" { "(nothing)" },
            (value, Some(shared)) => (marked(value, shared)),
            (value, None) => (exact(value)),
        }
    }
}
