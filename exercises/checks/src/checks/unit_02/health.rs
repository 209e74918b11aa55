//! U2-02 and U2-03: the app listens and says that it is alive.

use std::net::{IpAddr, UdpSocket};

use tokio::{net::TcpStream, time::timeout};

use crate::{
    check::{AppUse, Check, USUAL_LIMIT},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome},
    visit::describe,
};

/// U2-02
pub const LISTENS: Check = Check {
    id: "U2-02",
    unit: Unit::WebApp,
    title: "the app listens on PORT within 10 seconds, on loopback only",
    points: 4,
    gate: None,
    depends_on: &["U2-01"],
    profile: Profile::Core,
    misconceptions: &["M40"],
    hint: "Bind to 127.0.0.1 and the number in PORT. The address 0.0.0.0 means every network of the machine.",
    page: "unit-2/configuration.html#port",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(listens(stage)),
};

/// That the app listens on 127.0.0.1 is proved by its start. What is left is that it listens nowhere else.
async fn listens(stage: &Stage) -> Outcome {
    let port = stage.app().port();
    let Some(address) = address_of_this_machine() else { return Ok(()) };
    let connected = timeout(std::time::Duration::from_secs(1), TcpStream::connect((address, port))).await;
    if !matches!(connected, Ok(Ok(_))) {
        return Ok(());
    }
    Err(Failure::new(
        format!("A connection to port {port} of {address}, the machine's address on the network."),
        "The app accepted it.",
        "connections to 127.0.0.1 (and perhaps ::1) only",
        "The app speaks plain http and trusts that it is alone with your browser. In production a proxy with https stands before it.",
    )
    .attack("Everybody on the same network, for example in a café, can use the app and read along.")
    .into())
}

/// The address from which this machine would reach the network; `None` without one. Nothing is sent: UDP has no handshake.
fn address_of_this_machine() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    // 192.0.2.1 is reserved for documentation (RFC 5737).
    socket.connect("192.0.2.1:9").ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}

/// U2-03
pub const HEALTHZ: Check = Check {
    id: "U2-03",
    unit: Unit::WebApp,
    title: "/healthz answers 200",
    points: 2,
    gate: None,
    depends_on: &["U2-02"],
    profile: Profile::Core,
    misconceptions: &[],
    hint: "A route that needs nothing: no session, no provider, no data.",
    page: "unit-2/health-errors-headers.html#healthz",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(healthz(stage)),
};

async fn healthz(stage: &Stage) -> Outcome {
    let page = stage.browser().get("/healthz").await?;
    if page.status() == 200 {
        return Ok(());
    }
    let why = "Whoever operates the app, and every platform that runs it, asks this address whether it lives.";
    Err(Failure::new("GET /healthz", describe(&page), "200", why).into())
}
