//! The mock over HTTP, endpoint by endpoint.

mod authorize;
mod control;
mod discovery;
mod gate;
mod graph;
mod interaction;
mod logout;
mod token;
mod visitor;
