//! Writers over HTTP, `kill -9` at random moments: what was acknowledged is there after the restart, and the store always opens.
//!
//! `CRASH_ROUNDS` sets the number of rounds, `CRASH_SEED` repeats their moments.

mod graph_writer;
mod key_writer;
mod server_process;
mod tenant_writer;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use mock_idp::{
    Clock,
    directory::seed::StartState,
    random::Entropy,
    server::{self, Access, ServeOptions, Storage},
};
use reqwest::{Client, RequestBuilder};
use serde_json::Value;
use tokio::{sync::mpsc, task::JoinSet};

use self::{graph_writer::GraphWriter, key_writer::KeyWriter, server_process::ServerProcess, tenant_writer::TenantWriter};

/// Rounds, unless the environment asks for more, as `cargo xtask ci` does.
const ROUNDS: usize = 10;

/// Writers of each sort, all at once.
const WRITERS: usize = 3;

/// The server is killed after at most so many answers, and at most so long after the last of them.
const MOST_ANSWERS: u64 = 24;
const LONGEST_DELAY: u64 = 12_000;

/// What the rounds were like, for who reads the output and for the assertions at the end.
#[derive(Debug, Default)]
struct Counts {
    acknowledged: usize,
    rounds_killed_during_a_write: usize,
    unanswered_and_kept: usize,
    unanswered_and_lost: usize,
}

/// What writers share with whoever kills their server.
#[derive(Debug, Clone)]
struct Watch {
    answered: mpsc::UnboundedSender<()>,
    in_flight: Arc<AtomicUsize>,
}

impl Watch {
    /// Sends a write. `None` when the server did not live to answer it.
    async fn send(&self, request: RequestBuilder) -> Option<Value> {
        self.in_flight.fetch_add(1, Ordering::SeqCst);
        let answer = async {
            let response = request.send().await.ok()?;
            let status = response.status();
            let body = response.bytes().await.ok()?;
            assert!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&body));
            Some(serde_json::from_slice(&body).unwrap_or(Value::Null))
        };
        let answer = answer.await;
        if answer.is_some() {
            self.in_flight.fetch_sub(1, Ordering::SeqCst);
            // Nobody counts any more once the server is being killed.
            let _ = self.answered.send(());
        }
        answer
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_was_acknowledged_is_lost_by_kill_9() {
    let number = |name| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let seed = number("CRASH_SEED").unwrap_or_else(|| u64::from_le_bytes(Entropy::system().bytes()));
    let rounds = number("CRASH_ROUNDS").map_or(ROUNDS, |rounds| usize::try_from(rounds).expect("not that many"));
    println!("CRASH_SEED={seed}, {rounds} rounds");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let refresh_token = prepare(folder.path()).await;
    let entropy = Entropy::seeded(seed);
    let mut tenants: Vec<TenantWriter> = (0..WRITERS).map(TenantWriter::new).collect();
    let mut graph: Vec<GraphWriter> = (0..WRITERS).map(GraphWriter::new).collect();
    let mut keys = KeyWriter::default();
    let (mut counts, mut longest_start, clock) = (Counts::default(), Duration::ZERO, Clock::system());
    // Once more at the end, to look for everything.
    for round in 0..=rounds {
        let begin = clock.now();
        let server = ServerProcess::start(folder.path());
        longest_start = longest_start.max((clock.now() - begin).unsigned_abs());
        let access_token = graph_writer::access_token(&server.origin, &refresh_token).await;
        for writer in &mut tenants {
            writer.verify(&server.origin, &mut counts).await;
        }
        for writer in &mut graph {
            writer.verify(&server.origin, &access_token, round == rounds, &mut counts).await;
        }
        keys.verify(&server.origin, &mut counts).await;
        if round < rounds {
            (tenants, graph, keys) = write_until_killed(server, &access_token, (tenants, graph, keys), &entropy, &mut counts).await;
        }
    }
    println!(
        "{rounds} rounds: {counts:?}; {} applications; longest start {longest_start:?}",
        graph.iter().map(GraphWriter::applications).sum::<usize>()
    );
    assert!(counts.acknowledged > rounds * 4, "too little was written for this to prove anything");
    assert!(counts.rounds_killed_during_a_write * 4 > rounds, "too few rounds were killed during a write");
}

/// A data directory with keys, in which the administrator has signed in: her refresh token is used after every restart.
async fn prepare(data_dir: &Path) -> String {
    let server = server::start(ServeOptions {
        http: "localhost:0".to_owned(),
        https: "localhost:0".to_owned(),
        storage: Storage::Durable,
        data_dir: data_dir.to_owned(),
        directories: Vec::new(),
        start_state: Some(StartState::Unit4),
        access: Access::loopback(),
    });
    let server = server.await.expect("a usable data directory");
    let refresh_token = graph_writer::sign_in(&server.http_origin()).await;
    server.shutdown().await;
    refresh_token
}

type Writers = (Vec<TenantWriter>, Vec<GraphWriter>, KeyWriter);

/// Lets all write until the server is killed, at a moment that `entropy` picks.
async fn write_until_killed(
    server: ServerProcess,
    access_token: &str,
    writers: Writers,
    entropy: &Entropy,
    counts: &mut Counts,
) -> Writers {
    let (answered, mut answers) = mpsc::unbounded_channel();
    let watch = Watch { answered, in_flight: Arc::default() };
    let in_flight = Arc::clone(&watch.in_flight);
    let (mut tenants, mut graph) = (JoinSet::new(), JoinSet::new());
    for writer in writers.0 {
        tenants.spawn(writer.write(Client::new(), server.origin.clone(), watch.clone()));
    }
    for writer in writers.1 {
        graph.spawn(writer.write(Client::new(), server.origin.clone(), access_token.to_owned(), watch.clone()));
    }
    let keys = tokio::spawn(writers.2.write(Client::new(), server.origin.clone(), watch));
    for _ in 0..number_up_to(MOST_ANSWERS, entropy) {
        answers.recv().await.expect("writers go on until the server is killed");
    }
    // The one delay that is no waiting: it makes the moment a random one.
    tokio::time::sleep(Duration::from_micros(number_up_to(LONGEST_DELAY, entropy))).await;
    counts.rounds_killed_during_a_write += usize::from(in_flight.load(Ordering::SeqCst) > 0);
    server.kill();
    (tenants.join_all().await, graph.join_all().await, keys.await.expect("it does not panic"))
}

fn number_up_to(most: u64, entropy: &Entropy) -> u64 {
    u64::from_le_bytes(entropy.bytes()) % (most + 1)
}
