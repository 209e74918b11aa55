//! Every check of every unit.

use crate::check::Check;

/// All checks, in the order of the units. A check depends only on earlier ones.
pub static ALL: &[&Check] = &[];
