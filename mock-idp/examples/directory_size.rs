//! What a large directory costs: the same calls against a small and a large tenant, in one run.
//!
//! `cargo run --release -p mock-idp --example directory_size`

#[expect(dead_code, reason = "the tests use all of it")]
#[path = "../tests/it/visitor.rs"]
mod visitor;

use std::time::Duration;

use mock_idp::{
    Clock, Directory, MockIdp,
    directory::{Registration, application::Application, group::Group, microsoft_graph::GRAPH_APP_ID, user::User},
};
use reqwest::{Client, Url};
use visitor::{OLGA, REDIRECT_URI, TENANT, Visitor, but, claims, ordinary, redeeming, token};

const USERS: usize = 100_000;
const GROUPS: usize = 5_000;
const MEMBERS: usize = 20;
const REPEATS: usize = 41;

struct Case {
    idp: MockIdp,
    app: Registration,
    access_token: String,
    client: Client,
}

impl Case {
    async fn new(directory: Directory) -> Self {
        let idp = MockIdp::builder().directory(directory).seed(7).start().await.expect("free ports");
        let app = idp.register(Application::web("claims-portal", REDIRECT_URI)).await;
        let scopes = ["User.Read", "User.Read.All"].map(str::to_owned);
        idp.edit_directory(TENANT, |directory| directory.grant_consent(&app.app_id, None, GRAPH_APP_ID, &scopes));
        let mut case = Self { idp, app, access_token: String::new(), client: Client::new() };
        case.access_token = case.sign_in().await;
        case
    }

    /// Picker, code, tokens; the access token.
    async fn sign_in(&self) -> String {
        let request = but(ordinary(&self.app), "scope", "openid profile User.Read User.Read.All");
        let code = Visitor::new(&self.idp).sign_in(&request, OLGA).await.query("code").expect("a code");
        let (status, tokens) = token(&self.idp, TENANT, &redeeming(&self.app, &code)).await;
        assert_eq!(status, 200, "{tokens}");
        tokens["access_token"].as_str().expect("an access token").to_owned()
    }

    async fn graph(&self, path: &str, query: &[(&str, &str)]) {
        let mut url = Url::parse(&format!("{}/graph/v1.0{path}", self.idp.origin())).expect("a URL");
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let response = self.client.get(url).bearer_auth(&self.access_token).send().await.expect("an answer");
        let (status, text) = (response.status(), response.text().await.expect("a body"));
        assert_eq!(status, 200, "{text}");
    }

    async fn call(&self, call: Call) {
        match call {
            Call::SignIn => drop(self.sign_in().await),
            Call::Me => self.graph("/me", &[]).await,
            Call::Filter => self.graph("/users", &[("$filter", &format!("userPrincipalName eq '{OLGA}'"))]).await,
            Call::Page => self.graph("/users", &[("$top", "5")]).await,
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Call {
    SignIn,
    Me,
    Filter,
    Page,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let clock = Clock::system();
    let small = Case::new(Directory::abc_insurance()).await;
    let before = resident_kib();
    let begin = clock.now();
    let large = Case::new(large()).await;
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let build = if cfg!(debug_assertions) { "debug build" } else { "release build" };
    println!("{}, {build}, {cores} cores, {} {}", clock.now().date(), std::env::consts::ARCH, std::env::consts::OS);
    println!("{} users and {GROUPS} more groups: made in {}", USERS, clock.now() - begin);
    println!("resident memory: {} MiB with the small tenant, {} MiB with both", before / 1024, resident_kib() / 1024);
    assert_eq!(claims(&large.access_token)["tid"], TENANT);
    for call in [Call::SignIn, Call::Me, Call::Filter, Call::Page] {
        let (mut few, mut many) = (Vec::new(), Vec::new());
        for _ in 0..REPEATS {
            few.push(time(&clock, small.call(call)).await);
            many.push(time(&clock, large.call(call)).await);
        }
        let (few, many) = (median(few), median(many));
        println!("{call:?}: {few:?} small, {many:?} large, ratio {:.2}", many.as_secs_f64() / few.as_secs_f64());
    }
}

fn large() -> Directory {
    let mut directory = Directory::abc_insurance();
    let user = |number: usize| User::member(id(1, number), format!("user-{number}@abc-insurance.example"), format!("User {number}"));
    directory.users.extend((0..USERS).map(user));
    directory.groups.extend((0..GROUPS).map(|number| Group {
        id: id(2, number),
        display_name: format!("Group {number}"),
        members: (0..MEMBERS).map(|member| id(1, number * MEMBERS + member)).collect(),
        other_properties: serde_json::Map::new(),
    }));
    directory
}

fn id(kind: usize, number: usize) -> String {
    format!("{kind:08}-0000-4000-8000-{number:012}")
}

async fn time(clock: &Clock, work: impl Future<Output = ()>) -> Duration {
    let begin = clock.now();
    work.await;
    (clock.now() - begin).unsigned_abs()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// What the system says; nothing where it does not say it so.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
