//! `book-builder serve`: the book on this machine, and nobody else's.

mod address;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use crate::book_folder::BookFolder;
use crate::site::{self, Site};
use crate::watch::Sources;

/// How often the sources are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// The built book, replaced as a whole after a change.
type Shown = Arc<Mutex<Arc<Site>>>;

/// Builds the book, then serves it until the process ends.
///
/// # Errors
/// When the book cannot be built, or the address is not free.
pub fn serve(folder: BookFolder, address: &str) -> Result<()> {
    let loopback = address::Loopback::parse(address)?;
    let sources = Sources::now(&folder.sources());
    let site = site::build(&folder)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start the async runtime")?;
    runtime.block_on(async {
        let listeners = loopback.listen().await?;
        println!("The book is at {}", loopback.url(&listeners));
        let shown: Shown = Arc::new(Mutex::new(Arc::new(site)));
        let app = Router::new().fallback(file).with_state(Arc::clone(&shown));
        let mut servers = tokio::task::JoinSet::new();
        for listener in listeners {
            servers.spawn(axum::serve(listener, app.clone()).into_future());
        }
        tokio::task::spawn_blocking(move || build_after_changes(&folder, sources, &shown));
        while let Some(ended) = servers.join_next().await {
            ended.context("a server stopped")?.context("a server stopped")?;
        }
        Ok(())
    })
}

/// A page with a mistake is reported, and the last good version stays.
fn build_after_changes(folder: &BookFolder, mut known: Sources, shown: &Shown) {
    loop {
        std::thread::sleep(LOOK_EVERY);
        let now = Sources::now(&folder.sources());
        if now == known {
            continue;
        }
        known = now;
        match site::build(folder) {
            Ok(site) => {
                *shown.lock().expect("no code panics while it holds this lock") = Arc::new(site);
                println!("Built the book again.");
            }
            Err(error) => eprintln!("The book stays as it was: {error:#}"),
        }
    }
}

async fn file(State(shown): State<Shown>, uri: Uri) -> Response {
    let site = Arc::clone(&shown.lock().expect("no code panics while it holds this lock"));
    let (status, path) = find(&site, uri.path());
    let bytes = path.as_deref().and_then(|path| site.file(path)).unwrap_or(b"There is no such page.").to_vec();
    let headers = [
        (CONTENT_TYPE, content_type(path.as_deref().unwrap_or_default())),
        // The next version may come at any moment.
        (CACHE_CONTROL, "no-cache"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
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
    use axum::http::StatusCode;

    use super::{content_type, find};
    use crate::site::Site;

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
