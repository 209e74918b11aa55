//! The mock inside a test, as the book shows it.
//!
//! `cargo run -p mock-idp --example in_a_test`

use mock_idp::{Directory, Fault, MockIdp, directory::application::Application};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // ANCHOR: test
    let idp = MockIdp::builder().directory(Directory::abc_insurance()).start().await?;
    let app = idp.register(Application::web("claims-portal", "http://localhost/getAToken")).await;
    idp.inject(Fault::WrongNonce.once().for_app(&app.app_id));
    idp.clock().advance(time::Duration::hours(1));
    // Here your test signs in.
    let token_requests = idp.trace().token_requests();
    // ANCHOR_END: test
    println!("{} at {}, {} token requests", app.app_id, idp.authority(&app.tenant_id), token_requests.len());
    Ok(())
}
