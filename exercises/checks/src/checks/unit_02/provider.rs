//! U2-09, U2-10 and U2-16: what the app makes of its provider's discovery document. wiremock stands in for providers that are laid
//! out differently, down, or not who they say.

use std::time::Duration;

use mock_idp::random::derived_guid;
use serde_json::json;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{any, path},
};

use crate::{
    app_process::{AuthorityScheme, StartFailure},
    check::{AppUse, Check, USUAL_LIMIT},
    stage::Stage,
    stopwatch::Stopwatch,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::{describe, follow_own_redirects, has_heading},
};

/// A provider that is not the mock.
struct StandIn {
    server: MockServer,
    tenant: String,
    prefix: String,
}

impl StandIn {
    async fn start(stage: &Stage) -> Result<Self, Problem> {
        if stage.command().authority == AuthorityScheme::Https {
            return Err(Problem::Inapplicable("the stand-in for a provider speaks http only".to_owned()));
        }
        let tenant = stage.world().tenant_id().to_owned();
        let prefix = format!("t-{}", &derived_guid(&[&tenant, "prefix"])[..4]);
        Ok(Self { server: MockServer::start().await, tenant, prefix })
    }

    fn authority(&self) -> String {
        // By name: an app may treat addresses that are numbers in another way.
        format!("{}/{}", self.server.uri().replace("127.0.0.1", "localhost"), self.tenant)
    }

    /// Answers discovery, with every endpoint at an unusual place.
    async fn publish(&self, issuer: &str) {
        let at = |name: &str| format!("{}/{}/here/{name}", self.server.uri().replace("127.0.0.1", "localhost"), self.prefix);
        let document = json!({
            "issuer": issuer,
            "authorization_endpoint": at("sign-in"),
            "token_endpoint": at("redeem"),
            "jwks_uri": at("public-keys"),
            "end_session_endpoint": at("sign-out"),
            "userinfo_endpoint": at("userinfo"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
        });
        let address = format!("/{}/v2.0/.well-known/openid-configuration", self.tenant);
        Mock::given(path(address)).respond_with(ResponseTemplate::new(200).set_body_json(document)).mount(&self.server).await;
        let keys = ResponseTemplate::new(200).set_body_json(json!({ "keys": [] }));
        Mock::given(path(format!("/{}/here/public-keys", self.prefix))).respond_with(keys).mount(&self.server).await;
    }
}

/// U2-09
pub const DISCOVERY: Check = Check {
    id: "U2-09",
    unit: Unit::WebApp,
    title: "the endpoints come from the discovery document",
    points: 4,
    gate: None,
    depends_on: &["U2-02"],
    profile: Profile::Core,
    misconceptions: &["M41"],
    hint: "Fetch AUTHORITY/v2.0/.well-known/openid-configuration once, and use authorization_endpoint, token_endpoint and the others as they \
           stand there.",
    page: "unit-2/discovery.html#endpoints",
    app: AppUse::Fresh,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(discovery(stage)),
};

async fn discovery(stage: &Stage) -> Outcome {
    let provider = StandIn::start(stage).await?;
    provider.publish(&format!("{}/v2.0", provider.authority())).await;
    let app = stage.start(&stage.environment().with_authority(provider.authority())).await?;
    let page = follow_own_redirects(&mut stage.browser_for(&app), "/login").await?;
    let wanted = format!("/{}/here/sign-in", provider.prefix);
    let target = page.redirect()?.map(|next| next.url);
    if target.as_ref().is_some_and(|url| url.path() == wanted) {
        return Ok(());
    }
    Err(Failure::new(
        format!("A provider whose discovery document names other paths than usual: authorization_endpoint ends in {wanted}."),
        describe(&page),
        format!("a redirect of /login to {wanted}"),
        "The document is there so that the provider can move its endpoints, and so that the same app works with another cloud or tenant \
         (OIDC Discovery §4).",
    )
    .into())
}

/// U2-10
pub const PROVIDER_DOWN: Check = Check {
    id: "U2-10",
    unit: Unit::WebApp,
    title: "the app starts while the provider is down, says so, and recovers",
    points: 3,
    gate: None,
    depends_on: &["U2-02"],
    profile: Profile::Core,
    misconceptions: &[],
    hint: "Do not fetch the discovery document at start, or not only then. When it cannot be had, answer 503 with a page, and try again at the \
           next visit.",
    page: "unit-2/discovery.html#endpoints",
    app: AppUse::Fresh,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(provider_down(stage)),
};

/// How long an app may wait between two attempts.
const RECOVERY: Duration = Duration::from_secs(6);

async fn provider_down(stage: &Stage) -> Outcome {
    let provider = StandIn::start(stage).await?;
    Mock::given(any()).respond_with(ResponseTemplate::new(503)).mount(&provider.server).await;
    let app = stage.start(&stage.environment().with_authority(provider.authority())).await?;
    let mut browser = stage.browser_for(&app);
    let health = browser.get("/healthz").await?;
    let why = "Services have bad minutes. An app that dies with its provider, or needs a restart afterwards, turns minutes into hours.";
    if health.status() != 200 {
        return Err(Failure::new("The provider is down. GET /healthz", describe(&health), "200: the app itself is well", why).into());
    }
    let page = follow_own_redirects(&mut browser, "/login").await?;
    if page.status() != 503 || !has_heading(&page) {
        let expected = "503 and a page with a heading that says that signing in is not possible now";
        return Err(Failure::new("The provider is down. A visitor opened /login.", describe(&page), expected, why).into());
    }

    // Somebody answers, and it is not the provider: a proxy with a page of its own.
    provider.server.reset().await;
    let page_of_proxy = ResponseTemplate::new(200).set_body_raw("<h1>Please sign in to the network</h1>", "text/html");
    Mock::given(any()).respond_with(page_of_proxy).mount(&provider.server).await;
    let page = follow_own_redirects(&mut browser, "/login").await?;
    if page.status() != 503 || !has_heading(&page) {
        let sent = "In the provider's place somebody answers with an HTML page. A visitor opened /login.";
        return Err(Failure::new(sent, describe(&page), "503 and a page that says that signing in is not possible now", why).into());
    }

    provider.server.reset().await;
    provider.publish(&format!("{}/v2.0", provider.authority())).await;
    let waited = Stopwatch::start();
    loop {
        let page = follow_own_redirects(&mut browser, "/login").await?;
        if page.hop().is_redirect() {
            return Ok(());
        }
        if waited.elapsed() > RECOVERY {
            let sent = format!("The provider is up again. A visitor opened /login, for {} seconds.", RECOVERY.as_secs());
            return Err(Failure::new(sent, describe(&page), "a redirect to the provider, without a restart of the app", why).into());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// U2-16
pub const FOREIGN_ISSUER: Check = Check {
    id: "U2-16",
    unit: Unit::WebApp,
    title: "a discovery document of another issuer is not accepted",
    points: 3,
    gate: None,
    depends_on: &["U2-09"],
    profile: Profile::Core,
    misconceptions: &["M15"],
    hint: "Compare `issuer` of the document with AUTHORITY/v2.0, as whole texts, before you use anything else of it.",
    page: "unit-2/discovery.html#endpoints",
    app: AppUse::Fresh,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(foreign_issuer(stage)),
};

async fn foreign_issuer(stage: &Stage) -> Outcome {
    let tenant = stage.world().tenant_id();
    let other_tenant = derived_guid(&[tenant, "somebody else"]);
    foreign_issuer_is_refused(stage, |right| right.replace(tenant, &other_tenant), "another tenant").await?;
    let elsewhere = format!("https://login.evil.example/{tenant}/v2.0");
    foreign_issuer_is_refused(stage, |_| elsewhere.clone(), "the same tenant id at another host").await
}

async fn foreign_issuer_is_refused(stage: &Stage, issuer: impl Fn(&str) -> String, whose: &str) -> Outcome {
    let provider = StandIn::start(stage).await?;
    let issuer = issuer(&format!("{}/v2.0", provider.authority()));
    provider.publish(&issuer).await;
    let app = stage.launch(&stage.environment().with_authority(provider.authority()))?;
    match app.ready().await {
        // An app that looks at the document at its start may refuse to start.
        Err(StartFailure::Exited { .. }) => return Ok(()),
        Err(failure) => return Err(failure.into()),
        Ok(()) => {}
    }
    let page = follow_own_redirects(&mut stage.browser_for(&app), "/login").await?;
    if page.status() >= 500 && !page.hop().is_redirect() {
        return Ok(());
    }
    Err(Failure::new(
        format!("The discovery document names the issuer {issuer}, which is {whose}."),
        describe(&page),
        "an app that does not start, or a page (5xx) without a redirect",
        "The issuer is how the provider says who it is. The app asked one, and another one answered (OIDC Discovery §4.3).",
    )
    .attack("Whoever can answer in the provider's place gives his own keys and endpoints, and from then on signs in whom he likes.")
    .into())
}
