//! The mock over HTTP, endpoint by endpoint.

mod authorize;
mod command_line_tool;
mod control;
mod discovery;
mod explanation;
mod gate;
mod graph;
mod graph_applications;
mod graph_assignments;
mod graph_batch;
mod graph_client;
mod graph_faults;
mod graph_photo;
mod graph_queries;
mod id_token;
mod interaction;
mod logout;
mod portal_apps;
mod portal_enterprise;
mod portal_guest;
mod portal_shell;
mod robustness;
mod store;
mod token;
mod visitor;
