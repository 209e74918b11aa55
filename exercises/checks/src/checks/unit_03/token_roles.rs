//! U3-16: what the tokens say. The grader is the client here: it signs everybody in and reads the ID token.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use mock_idp::{
    MockIdp,
    directory::credential::PasswordCredential,
    random::Entropy,
    testing::browser::{Accept, Browser, Consent, SignIn},
};
use serde_json::Value;

use super::{
    USUAL,
    handed_in::{Matrix, Registered, called, read},
    redirect_uris::CALLBACK,
};
use crate::{
    check::Check,
    comparison::Compared,
    stage::Stage,
    verdict::{Failure, Outcome, Problem},
};

/// U3-16
pub const TOKEN_ROLES: Check = Check {
    id: "U3-16",
    title: "the roles in everybody's ID token are those of the matrix",
    points: 6,
    depends_on: &["U3-01", "U3-02", "U3-03", "U3-10", "U3-12"],
    misconceptions: &["M08", "M38"],
    hint: "Compare Users and groups with the list of step 6. Roles come directly or by a group of which the person is a direct member. If the sign-in does not come to an end: \"Assignment required?\" (U3-19).",
    page: "unit-3/index.html#assign-roles",
    run: |stage| Box::pin(token_roles(stage)),
    ..USUAL
};

async fn token_roles(stage: &Stage) -> Outcome {
    let registered = read(stage)?;
    let matrix = Matrix::new();
    let people = matrix.people(&registered.directory)?;
    let idp = registered.provider(stage.world().seed()).await?;
    let client = Client::new(&idp, &registered);
    let mut wrong = Vec::new();
    for person in people.into_iter().filter(|person| person.account_enabled) {
        let mut expected = matrix.roles(person);
        expected.sort();
        // The name by which the learner's directory knows the person.
        let username = registered.directory.user(&person.id).map_or(&person.user_principal_name, |user| &user.user_principal_name);
        let received = match client.sign_in(username).await? {
            Ok(claims) => roles(&claims),
            Err(page) => page,
        };
        let expected = if expected.is_empty() { NO_ROLES.to_owned() } else { expected.join(", ") };
        if received != expected {
            wrong.push(Compared::equal(called(&registered.directory, &person.id), received, expected));
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        "The grader signed everybody in to claims-portal, as a client of its own, and read the roles claim of each ID token.",
        format!("The tokens of {} people are not those of the matrix.", wrong.len()),
        "the roles of the matrix in every token; for people without a role, no roles claim at all",
        "The token is all that the app will know. What it says here is what your app of unit 4 will see.",
    )
    .compares(wrong)
    .into())
}

const NO_ROLES: &str = "no roles claim";

/// The roles claim in words.
fn roles(claims: &Value) -> String {
    let Some(claim) = claims.get("roles") else { return NO_ROLES.to_owned() };
    let mut values: Vec<String> = claim.as_array().into_iter().flatten().filter_map(|role| role.as_str().map(str::to_owned)).collect();
    values.sort();
    if values.is_empty() { format!("roles is {claim}") } else { values.join(", ") }
}

/// A client that knows a secret of the app: one that the grader has added to its own copy of the directory.
struct Client<'a> {
    idp: &'a MockIdp,
    tenant_id: &'a str,
    app_id: &'a str,
    secret: String,
}

impl<'a> Client<'a> {
    fn new(idp: &'a MockIdp, registered: &'a Registered) -> Self {
        let entropy = Entropy::system();
        let (secret, app_id) = (entropy.client_secret(), registered.application.app_id.as_str());
        let credential = PasswordCredential::of_secret(&secret, entropy.guid(), Some("grader".to_owned()), &entropy);
        let tenant_id = registered.directory.tenant_id();
        idp.edit_directory(tenant_id, |directory| {
            directory.applications.edit(&registered.application.id, |application| application.password_credentials.push(credential));
        });
        Self { idp, tenant_id, app_id, secret }
    }

    /// The claims of the ID token, or what the provider said instead.
    async fn sign_in(&self, username: &str) -> Result<Result<Value, String>, Problem> {
        let idp = self.idp;
        let mut browser =
            Browser::new("http://localhost:5000", &[idp.origin(), idp.https_origin()], Some(idp.ca_pem()), idp.clock().clone())?;
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("client_id", self.app_id),
                ("response_type", "code"),
                ("redirect_uri", CALLBACK),
                ("scope", "openid profile"),
                ("response_mode", "query"),
                ("state", "grader"),
            ])
            .finish();
        let address = format!("{}/oauth2/v2.0/authorize?{query}", idp.authority(self.tenant_id));
        let request = browser.request(&address, Accept::Html)?;
        let returned = match browser.sign_in(request, username, Consent::Accept).await? {
            SignIn::Returns(request) => request,
            SignIn::Stays(page) => {
                let text = page.texts("body").join(" ");
                let start = text.find("AADSTS").unwrap_or_default();
                return Ok(Err(format!("refused at the sign-in ({})", text[start..].chars().take(160).collect::<String>())));
            }
        };
        let Some(code) = returned.parameter("code") else {
            let error = returned.parameter("error").unwrap_or_default();
            return Ok(Err(format!("refused at the sign-in ({error})")));
        };
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", self.app_id),
            ("client_secret", &self.secret),
            ("code", &code),
            ("redirect_uri", CALLBACK),
        ];
        let answer = token_request(idp, self.tenant_id, &form).await?;
        let Some(payload) = answer["id_token"].as_str().and_then(|token| token.split('.').nth(1)) else {
            return Ok(Err(format!("no ID token ({})", answer["error_description"].as_str().unwrap_or_default())));
        };
        let broken = |_| Problem::Broken("the grader's provider issued a token that cannot be read".to_owned());
        let bytes = URL_SAFE_NO_PAD.decode(payload).map_err(|_| broken(()))?;
        Ok(Ok(serde_json::from_slice(&bytes).map_err(|_| broken(()))?))
    }
}

/// One request to the token endpoint of the grader's provider, and its JSON.
pub(super) async fn token_request(idp: &MockIdp, tenant: &str, form: &[(&str, &str)]) -> Result<Value, Problem> {
    let broken = |error: reqwest::Error| Problem::Broken(format!("the grader's provider does not answer: {error}"));
    let client = reqwest::Client::builder().no_proxy().build().map_err(broken)?;
    let address = format!("{}/oauth2/v2.0/token", idp.authority(tenant));
    let answer = client.post(address).form(form).send().await.map_err(broken)?;
    answer.json().await.map_err(broken)
}
