//! What happened: one [`Event`] for each request, with the checks that ran, in order.
//!
//! Secrets, passwords, codes and refresh tokens are masked before an event is stored. ID and access tokens are kept whole, in memory only.

pub mod event;
pub mod masking;
pub mod recording;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

pub use event::{Check, CheckResult, Event, Kind};
pub use recording::Recording;

/// The newest events are kept; older ones are dropped.
const CAPACITY: usize = 20_000;

/// The events so far. Cloning gives another handle to the same list.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    last_seq: u64,
    events: VecDeque<Event>,
}

impl Trace {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stores an event and gives it the next number.
    pub fn record(&self, mut event: Event) {
        let mut kept = self.kept();
        kept.last_seq += 1;
        event.seq = kept.last_seq;
        if kept.events.len() == CAPACITY {
            kept.events.pop_front();
        }
        kept.events.push_back(event);
    }

    /// All events, oldest first.
    pub fn events(&self) -> Vec<Event> {
        self.kept().events.iter().cloned().collect()
    }

    /// The events after number `seq`.
    pub fn since(&self, seq: u64) -> Vec<Event> {
        self.kept().events.iter().filter(|event| event.seq > seq).cloned().collect()
    }

    /// The number of the newest event; 0 if there is none.
    pub fn last_seq(&self) -> u64 {
        self.kept().last_seq
    }

    /// The requests to the token endpoint.
    pub fn token_requests(&self) -> Vec<Event> {
        self.of_kind(Kind::Token)
    }

    /// The requests to the authorization endpoint.
    pub fn authorize_requests(&self) -> Vec<Event> {
        self.of_kind(Kind::Authorize)
    }

    fn of_kind(&self, kind: Kind) -> Vec<Event> {
        self.kept().events.iter().filter(|event| event.kind == kind).cloned().collect()
    }

    /// The sign-in from which this access token comes, so that a call with it can be put beside it.
    pub fn flow_of_access_token(&self, token: &str) -> Option<String> {
        let kept = self.kept();
        let issued = |event: &&Event| event.response.body["access_token"] == token;
        kept.events.iter().rev().filter(|event| event.kind == Kind::Token).find(issued)?.flow_id.clone()
    }

    /// Forgets all events. Numbers go on.
    pub fn clear(&self) {
        self.kept().events.clear();
    }
}
