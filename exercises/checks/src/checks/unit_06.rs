//! Unit 6: the summary.

pub mod exploit;
