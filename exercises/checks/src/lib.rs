//! The trusted side of grading. It starts a learner's app as a separate process, a mock identity provider in its own process, and
//! drives the app as a browser would. Nothing that the app writes becomes part of a verdict unread.
//!
//! In reading order: [`unit`] names what is graded, [`check`] says what a check is and [`checks`] holds them all. A check works on a
//! [`stage`]: the files of a [`work`], or a [`world`] (tenant, people, policies), an [`app_process`] and [`visit`]s by browser. It ends in a [`verdict`], where a
//! [`comparison`] shows value by value what was found and what was expected.
//! The files of unit 1 are read by [`access_policy`] and [`filled_in`].
//! [`grading`] runs the checks of a unit, [`harness`] shows them as `cargo test` does, [`render`] puts a failure into words,
//! and the [`learning_record`] remembers it for the hints.

pub mod access_policy;
pub mod app_process;
pub mod check;
pub mod checks;
pub mod comparison;
pub mod filled_in;
pub mod grading;
pub mod harness;
pub mod learning_record;
pub mod redact;
pub mod render;
pub mod seed;
pub mod stage;
pub mod stopwatch;
pub mod unit;
pub mod verdict;
pub mod visit;
pub mod work;
pub mod world;

pub use app_process::{AppCommand, AuthorityScheme};
pub use check::{AppUse, Check, Gate};
pub use comparison::Compared;
pub use grading::{CheckResult, Grading, GradingReport, Progress, build_failed, grade};
pub use render::render;
pub use seed::fresh_seed;
pub use unit::{Profile, Unit};
pub use verdict::{Failure, Verdict};
pub use work::{HandedIn, Work};
