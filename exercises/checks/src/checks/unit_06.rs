//! Unit 6: the whole app in an incident drill, and the learner on the attacker's side.
//!
//! What disturbs everybody (keys, secrets, tenants) happens in a world of the check's own, see [`own_stage`].

pub mod accessibility;
pub mod exploit;
pub mod gates;
pub mod keys;
pub mod malformed;
pub mod peak;
pub mod people;
pub mod policy;
pub mod roles;
pub mod secrets;
pub mod sign_out;
pub mod tenant;

use crate::{stage::Stage, verdict::Problem, world::World};

/// A provider, a tenant and an app registration for this check alone, so that it can change what all share.
///
/// `number` tells several worlds of one check apart.
async fn own_stage(stage: &Stage, number: u64) -> Result<Stage, Problem> {
    let seed = stage.world().seed() ^ (0x5eed_0000 + number);
    World::build(stage.unit(), seed, stage.command().authority)
        .await
        .map(|world| stage.in_world(world))
        .map_err(|error| Problem::Broken(format!("a second provider does not start: {error:#}")))
}
