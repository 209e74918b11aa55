use mock_idp::MockIdp;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::visitor::mock_with_app;

#[tokio::test]
async fn a_foreign_host_name_is_not_answered() {
    let (idp, _) = mock_with_app().await;
    let response = reqwest::Client::new().get(idp.origin()).header("host", "evil.example:8400").send().await.expect("an answer");
    assert_eq!(response.status(), 421);
    assert!(!response.text().await.expect("a body").contains("evil"));
}

#[tokio::test]
async fn an_oversized_form_is_refused_with_its_limit() {
    let (idp, _) = mock_with_app().await;
    let url = format!("{}/common/oauth2/v2.0/token", idp.origin());
    let response = reqwest::Client::new().post(url).body(vec![b'a'; 300_000]).send().await.expect("an answer");
    assert_eq!(response.status(), 413);
    assert!(response.text().await.expect("a body").contains("262144 bytes"));
}

/// Sends a body in chunks, without a length, and reads the head of the answer.
async fn send_in_chunks(idp: &MockIdp, path: &str, body: &[u8]) -> String {
    let port = idp.origin().rsplit(':').next().expect("a port");
    let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).await.expect("a connection");
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost:{port}\r\nconnection: close\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         mock-control: 1\r\ntransfer-encoding: chunked\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    for chunk in body.chunks(16 * 1024) {
        let framed = [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat();
        // The server may answer, and close, before it has everything.
        if stream.write_all(&framed).await.is_err() {
            break;
        }
    }
    let _ = stream.write_all(b"0\r\n\r\n").await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn an_oversized_form_in_chunks_is_refused_as_well() {
    let (idp, _) = mock_with_app().await;
    for path in ["/common/oauth2/v2.0/token", "/common/oauth2/v2.0/authorize", "/common/oauth2/v2.0/logout", "/common/login"] {
        let answer = send_in_chunks(&idp, path, &vec![b'a'; 300_000]).await;
        assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("262144 bytes"), "{path}: {answer}");
    }
    let fits = send_in_chunks(&idp, "/common/oauth2/v2.0/token", b"grant_type=magic").await;
    assert!(fits.contains("AADSTS70003"), "{fits}");
}

#[tokio::test]
async fn both_loopback_addresses_answer_and_the_home_page_lists_the_tenants() {
    let (idp, app) = mock_with_app().await;
    let port = idp.origin().rsplit(':').next().expect("a port").to_owned();
    for host in ["127.0.0.1", "[::1]"] {
        let page = reqwest::get(format!("http://{host}:{port}/")).await.expect("an answer").text().await.expect("a body");
        assert!(page.contains("ABC Insurance") && page.contains(&app.app_id), "{host}: {page}");
    }
}
