//! `book-builder serve`: the book on this machine, and nobody else's.

mod address;
mod progress;
mod security;
mod stop_signal;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{StatusCode, Uri};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use tokio::net::TcpListener;
use tokio::task::{JoinSet, spawn_blocking};

use self::progress::Progress;
use crate::book_folder::BookFolder;
use crate::site::{self, Site};
use crate::watch::Sources;

/// How often the sources are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// The built book, replaced as a whole after a change.
type Shown = Arc<Mutex<Arc<Site>>>;

/// What the handlers know.
#[derive(Clone, Debug)]
struct Served {
    book: Shown,
    /// The reader's learning record, which may not be there.
    learning_record: PathBuf,
}

/// Builds the book, then serves it until somebody wants it to stop.
///
/// # Errors
/// When the book cannot be built, or the address is not free.
pub fn serve(folder: BookFolder, address: &str) -> Result<()> {
    let loopback = address::Loopback::parse(address)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start the async runtime")?;
    // A build that is under way when this ends is waited for: it takes its temporary folder away.
    runtime.block_on(async {
        let sources = Sources::now(&folder.sources());
        let site = site::build(&folder)?;
        // Only now: whoever can connect may take the book for ready.
        let listeners = loopback.listen().await?;
        let url = loopback.url(&listeners);
        let shown: Shown = Arc::new(Mutex::new(Arc::new(site)));
        let served = Served { book: Arc::clone(&shown), learning_record: folder.workspace().join(progress::FILE) };
        let mut servers = servers(listeners, &served);
        println!("The book is at {url}");
        tokio::select! {
            stopped = stop_signal::received() => stopped,
            Some(ended) = servers.join_next() => ended.context("a server stopped")?.context("a server stopped"),
            ended = build_after_changes(&folder, sources, &shown) => ended,
        }
    })
}

fn servers(listeners: Vec<TcpListener>, served: &Served) -> JoinSet<std::io::Result<()>> {
    let app = router(served.clone());
    listeners.into_iter().map(|listener| axum::serve(listener, app.clone()).into_future()).collect()
}

fn router(served: Served) -> Router {
    Router::new().route("/progress.json", get(progress)).fallback(get(file)).layer(middleware::from_fn(security::pass)).with_state(served)
}

async fn progress(State(served): State<Served>) -> Response {
    ([(CACHE_CONTROL, "no-store")], Json(Progress::read(&served.learning_record))).into_response()
}

/// A page with a mistake is reported, and the last good version stays.
async fn build_after_changes(folder: &BookFolder, mut known: Sources, shown: &Shown) -> Result<()> {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let places = folder.sources();
        let now = spawn_blocking(move || Sources::now(&places)).await.context("cannot look for changes")?;
        if now == known {
            continue;
        }
        known = now;
        let folder = folder.clone();
        match spawn_blocking(move || site::build(&folder)).await.context("cannot build the book")? {
            Ok(site) => {
                *shown.lock().expect("no code panics while it holds this lock") = Arc::new(site);
                println!("Built the book again.");
            }
            Err(error) => eprintln!("The book stays as it was: {error:#}"),
        }
    }
}

async fn file(State(served): State<Served>, uri: Uri) -> Response {
    let site = Arc::clone(&served.book.lock().expect("no code panics while it holds this lock"));
    let (status, path) = find(&site, uri.path());
    let bytes = path.as_deref().and_then(|path| site.file(path)).unwrap_or(b"There is no such page.").to_vec();
    let content_type = content_type(path.as_deref().unwrap_or_default());
    let page = if content_type.starts_with("text/html") { std::str::from_utf8(&bytes).unwrap_or_default() } else { "" };
    let headers = [
        (CONTENT_SECURITY_POLICY, security::content_security_policy(page)),
        (CONTENT_TYPE, content_type.to_owned()),
        // The next version may come at any moment.
        (CACHE_CONTROL, "no-cache".to_owned()),
    ];
    (status, headers, bytes).into_response()
}

/// The file for an address: itself, the first page of a folder, or the page that says there is none.
fn find(site: &Site, address: &str) -> (StatusCode, Option<String>) {
    let path = address.trim_start_matches('/');
    let path = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    match site.file(&path) {
        Some(_) => (StatusCode::OK, Some(path)),
        None => (StatusCode::NOT_FOUND, site.file("404.html").map(|_| "404.html".to_owned())),
    }
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use axum::body::Body;
    use axum::http::{Request, Response, StatusCode};
    use tower::ServiceExt;

    use super::{Served, content_type, find, router};
    use crate::site::Site;

    /// The answer to a request for a book of one page.
    async fn answer(method: &str, address: &str, host: &str) -> Response<Body> {
        let site = Site::from([("index.html", "<script>let x;</script>"), ("404.html", "")]);
        let request = Request::builder().method(method).uri(address).header("host", host).body(Body::empty()).unwrap();
        let served = Served { book: Arc::new(Mutex::new(Arc::new(site))), learning_record: "no such file".into() };
        router(served).oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn every_answer_tells_the_browser_to_be_careful() {
        for (address, host) in [("/", "localhost:3000"), ("/gone", "localhost:3000"), ("/", "evil.example")] {
            let response = answer("GET", address, host).await;
            assert_eq!(response.headers()["x-content-type-options"], "nosniff", "{address} {host}");
            assert_eq!(response.headers()["referrer-policy"], "no-referrer", "{address} {host}");
        }
        let response = answer("GET", "/", "localhost:3000").await;
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'self'; script-src 'self' 'sha256-"), "{policy}");
    }

    #[tokio::test]
    async fn a_foreign_host_name_gets_no_page() {
        assert_eq!(answer("GET", "/", "localhost:3000").await.status(), StatusCode::OK);
        assert_eq!(answer("GET", "/", "evil.example:3000").await.status(), StatusCode::MISDIRECTED_REQUEST);
    }

    #[tokio::test]
    async fn a_book_is_only_read() {
        assert_eq!(answer("HEAD", "/", "localhost:3000").await.status(), StatusCode::OK);
        assert_eq!(answer("POST", "/", "localhost:3000").await.status(), StatusCode::METHOD_NOT_ALLOWED);
    }

    #[test]
    fn an_address_finds_its_file_or_the_first_page_of_its_folder() {
        let site = Site::from([("index.html", ""), ("unit-4/index.html", ""), ("unit-4/callback.html", ""), ("404.html", "")]);
        let found = |address| find(&site, address);
        assert_eq!(found("/"), (StatusCode::OK, Some("index.html".to_owned())));
        assert_eq!(found("/unit-4/"), (StatusCode::OK, Some("unit-4/index.html".to_owned())));
        assert_eq!(found("/unit-4/callback.html"), (StatusCode::OK, Some("unit-4/callback.html".to_owned())));
        assert_eq!(found("/unit-9/"), (StatusCode::NOT_FOUND, Some("404.html".to_owned())));
        assert_eq!(found("/../../Cargo.toml"), (StatusCode::NOT_FOUND, Some("404.html".to_owned())));
    }

    #[test]
    fn a_browser_is_told_what_a_file_is() {
        assert_eq!(content_type("unit-4/callback.html"), "text/html; charset=utf-8");
        assert_eq!(content_type("fonts/open-sans.woff2"), "font/woff2");
        assert_eq!(content_type(""), "text/plain; charset=utf-8");
    }
}
