//! A person at the sign-in pages: follows links and forms of the mock with one cookie jar, and stops where an app would take over.

use mock_idp::{
    Directory, MockIdp,
    directory::{Registration, application::Application, seed::ABC_INSURANCE_TENANT_ID},
};
use reqwest::{Client, Response, StatusCode, header, redirect::Policy};
use scraper::{Html, Selector};
use url::Url;

pub const TENANT: &str = ABC_INSURANCE_TENANT_ID;
pub const REDIRECT_URI: &str = "http://localhost:5000/getAToken";
pub const ADA: &str = "ada.adjuster@abc-insurance.example";
pub const OLGA: &str = "olga.admin@abc-insurance.example";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A mock with ABC Insurance, Fabrikam and one registered web app whose roles include the adjuster's.
pub async fn mock_with_app() -> (MockIdp, Registration) {
    let idp = MockIdp::builder()
        .directory(Directory::abc_insurance())
        .directory(Directory::fabrikam())
        .seed(7)
        .start()
        .await
        .expect("free ports");
    let application = Application::web("claims-portal", REDIRECT_URI)
        .redirect_uri("http://localhost:5000/")
        .app_role("Client")
        .app_role("Claims.Adjuster");
    let app = idp.register(application).await;
    idp.edit_directory(TENANT, |directory| {
        let ada = directory.user_by_principal_name(ADA).expect("in the seed").id.clone();
        directory.assign(&ada, &app.app_id, "Claims.Adjuster").expect("defined above");
    });
    (idp, app)
}

/// The parameters of an ordinary authorize request.
pub fn ordinary(app: &Registration) -> Vec<(&'static str, String)> {
    let fixed = [
        ("response_type", "code"),
        ("redirect_uri", REDIRECT_URI),
        ("scope", "openid profile offline_access User.Read"),
        ("state", "st|a=te+1"),
        ("nonce", "n-0S6_WzA2Mj"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let mut parameters = vec![("client_id", app.app_id.clone())];
    parameters.extend(fixed.map(|(name, value)| (name, value.to_owned())));
    parameters
}

/// The same with one parameter changed, or left out where the value is empty.
pub fn but(mut parameters: Vec<(&'static str, String)>, name: &'static str, value: &str) -> Vec<(&'static str, String)> {
    parameters.retain(|(known, _)| *known != name);
    if !value.is_empty() {
        parameters.push((name, value.to_owned()));
    }
    parameters
}

pub struct Visitor {
    client: Client,
    origin: String,
    cookie: Option<String>,
}

/// A page, or the redirect to the app.
pub struct Arrival {
    pub status: StatusCode,
    pub location: Option<Url>,
    pub headers: header::HeaderMap,
    pub html: String,
}

impl Arrival {
    /// A parameter of the redirect's query.
    pub fn query(&self, name: &str) -> Option<String> {
        self.location.as_ref()?.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// The values of all inputs and buttons with this name.
    pub fn values(&self, name: &str) -> Vec<String> {
        let selector = Selector::parse(&format!("[name='{name}']")).expect("a valid selector");
        Html::parse_document(&self.html).select(&selector).filter_map(|it| it.value().attr("value").map(str::to_owned)).collect()
    }
}

impl Visitor {
    pub fn new(idp: &MockIdp) -> Self {
        Self::at(idp.origin())
    }

    pub fn at(origin: &str) -> Self {
        let client = Client::builder().redirect(Policy::none()).build().expect("a client");
        Self { client, origin: origin.to_owned(), cookie: None }
    }

    /// The same browser, at the mock at another origin. Cookies do not tell ports apart.
    pub fn moved_to(self, origin: &str) -> Self {
        Self { origin: origin.to_owned(), ..self }
    }

    async fn arrive(&mut self, response: Response) -> Arrival {
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            self.cookie = cookie.to_str().ok().and_then(|text| text.split(';').next()).map(str::to_owned);
        }
        let location = response.headers().get(header::LOCATION).and_then(|it| it.to_str().ok()).map(str::to_owned);
        let base = Url::parse(&self.origin).expect("an origin");
        Arrival {
            status: response.status(),
            location: location.map(|text| base.join(&text).expect("a URL")),
            headers: response.headers().clone(),
            html: response.text().await.expect("a body"),
        }
    }

    /// The cookie header of the next request.
    pub fn cookie(&self) -> &str {
        self.cookie.as_deref().unwrap_or_default()
    }

    /// Posts a form body as it is.
    pub async fn post(&mut self, path: &str, body: Vec<u8>) -> Arrival {
        let request = self.client.post(format!("{}{path}", self.origin)).header(header::COOKIE, self.cookie());
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        self.arrive(request.send().await.expect("an answer")).await
    }

    /// Opens a path of the mock and follows redirects within it.
    pub async fn open(&mut self, path: &str) -> Arrival {
        let mut path = path.to_owned();
        loop {
            let request = self.client.get(format!("{}{path}", self.origin));
            let request = match &self.cookie {
                Some(cookie) => request.header(header::COOKIE, cookie),
                None => request,
            };
            let arrival = self.arrive(request.send().await.expect("an answer")).await;
            match &arrival.location {
                Some(url) if url.as_str().starts_with(&self.origin) => path = url[url::Position::BeforePath..].to_owned(),
                _ => return arrival,
            }
        }
    }

    /// Sends the form of a page whose action ends in `action`, with one of its buttons or more fields.
    pub async fn answer(&mut self, page: &Arrival, action: &str, fields: &[(&str, &str)]) -> Arrival {
        let document = Html::parse_document(&page.html);
        let form = Selector::parse("form[method='post']").expect("a valid selector");
        let hidden = Selector::parse("input[type='hidden']").expect("a valid selector");
        let mut forms = document.select(&form).filter(|it| it.value().attr("action").is_some_and(|at| at.contains(action)));
        let form = forms.next().unwrap_or_else(|| panic!("no form for {action} on the page:\n{}", page.html));
        let target = format!("{}{}", self.origin, form.value().attr("action").unwrap_or_default());
        let mut sent: Vec<(String, String)> = form
            .select(&hidden)
            .filter_map(|it| Some((it.value().attr("name")?.to_owned(), it.value().attr("value")?.to_owned())))
            .collect();
        sent.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        drop(document);
        let mut request = self.client.post(target).header(header::ORIGIN, &self.origin).form(&sent);
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let arrival = self.arrive(request.send().await.expect("an answer")).await;
        match &arrival.location {
            Some(url) if url.as_str().starts_with(&self.origin) => {
                let path = url[url::Position::BeforePath..].to_owned();
                Box::pin(self.open(&path)).await
            }
            _ => arrival,
        }
    }

    /// Goes to `/authorize` of a path tenant.
    pub async fn authorize(&mut self, tenant: &str, parameters: &[(&str, String)]) -> Arrival {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        self.open(&format!("/{tenant}/oauth2/v2.0/authorize?{query}")).await
    }

    /// Signs in by the picker and consents if asked.
    pub async fn sign_in(&mut self, parameters: &[(&str, String)], username: &str) -> Arrival {
        let page = self.authorize(TENANT, parameters).await;
        let page = if page.values("username").is_empty() { page } else { self.answer(&page, "/login", &[("username", username)]).await };
        if page.values("consent").is_empty() { page } else { self.answer(&page, "/consent", &[("consent", "accept")]).await }
    }
}

/// Posts a form to the token endpoint; the status and the JSON body.
pub async fn token(idp: &MockIdp, tenant: &str, fields: &[(&str, String)]) -> (StatusCode, serde_json::Value) {
    token_at(idp.origin(), tenant, fields).await
}

/// The same of the mock at an origin.
pub async fn token_at(origin: &str, tenant: &str, fields: &[(&str, String)]) -> (StatusCode, serde_json::Value) {
    let url = format!("{origin}/{tenant}/oauth2/v2.0/token");
    let response = Client::new().post(url).form(fields).send().await.expect("an answer");
    (response.status(), response.json().await.expect("JSON"))
}

/// The form that redeems a code as the ordinary app does.
pub fn redeeming(app: &Registration, code: &str) -> Vec<(&'static str, String)> {
    vec![
        ("grant_type", "authorization_code".to_owned()),
        ("client_id", app.app_id.clone()),
        ("client_secret", app.client_secret.clone()),
        ("code", code.to_owned()),
        ("redirect_uri", REDIRECT_URI.to_owned()),
        ("code_verifier", VERIFIER.to_owned()),
    ]
}

/// The claims of a JWT, unverified.
pub fn claims(token: &str) -> serde_json::Value {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let payload = token.split('.').nth(1).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("JSON")
}
