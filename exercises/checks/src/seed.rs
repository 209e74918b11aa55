//! The only place where randomness comes from outside.

/// A seed for a run that was given none. It is printed, so that the run can be repeated. Below 2^32, so that it is easily typed.
#[expect(clippy::disallowed_methods, reason = "the one place that takes a random value; everything else follows from the seed")]
pub fn fresh_seed() -> u64 {
    u64::from(rand::random::<u32>())
}
