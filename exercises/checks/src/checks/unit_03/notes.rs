//! U3-06 to 09: the secret, and the values that were noted.

use std::process::{Command, Stdio};

use mock_idp::directory::credential::PasswordCredential;
use time::Duration;

use super::{
    USUAL,
    handed_in::{Registered, read},
    token_roles::token_request,
};
use crate::{
    check::{Check, Gate},
    comparison::Compared,
    stage::Stage,
    verdict::{Failure, Outcome, Problem},
};

/// The longest life of a secret here; the portal proposes the same.
const LONGEST_LIFE: Duration = Duration::days(180);

/// The portal counts days from the day on, so that a secret may live some hours longer.
const DAY: Duration = Duration::days(1);

/// U3-06
pub const ONE_SECRET: Check = Check {
    id: "U3-06",
    title: "one client secret that is valid, for 180 days at most",
    misconceptions: &["M06"],
    hint: "Certificates & secrets: exactly one secret, made for 180 days at most. Is there none, or does it live too long? New client secret. Then delete the others.",
    page: "unit-3/secrets.html#expiry",
    run: |stage| Box::pin(async { one_secret(stage) }),
    ..USUAL
};

/// U3-07
pub const IDS: Check = Check {
    id: "U3-07",
    title: "client id and tenant id are noted in the right places",
    points: 4,
    misconceptions: &["M05"],
    hint: "Overview: \"Application (client) ID\" is CLIENT_ID; \"Directory (tenant) ID\" is the last part of AUTHORITY. The object id is neither.",
    page: "unit-3/values.html#values",
    run: |stage| Box::pin(ids(stage)),
    ..USUAL
};

/// U3-08
pub const SECRET_VALUE: Check = Check {
    id: "U3-08",
    title: "the noted secret is the secret's value, not its id",
    points: 4,
    depends_on: &["U3-01", "U3-06", "U3-07"],
    misconceptions: &["M06"],
    hint: "The value is shown once, when the secret is made. If it is lost, make a new secret, copy its Value at once, and delete the old one.",
    page: "unit-3/secrets.html#value-and-id",
    run: |stage| Box::pin(secret_value(stage)),
    ..USUAL
};

/// U3-09
pub const SECRET_STAYS_OUT: Check = Check {
    id: "U3-09",
    title: "the secret is in no file of src/, and git ignores .env",
    points: 4,
    gate: Some(Gate::Security),
    misconceptions: &["M40"],
    hint: "The secret's value belongs in .env at the root of the workspace and nowhere else. If it has been in a file that git keeps, make a new secret.",
    page: "unit-3/secrets.html#where",
    run: |stage| Box::pin(async { secret_stays_out(stage) }),
    ..USUAL
};

const WITHOUT_ENV: &str = "there is no .env to read here; on your own machine, cargo xtask grade reads it";

fn current(registered: &Registered) -> Vec<&PasswordCredential> {
    registered.application.password_credentials.iter().filter(|secret| secret.is_current(registered.now())).collect()
}

fn one_secret(stage: &Stage) -> Outcome {
    let registered = read(stage)?;
    let sent = "The grader read the app's client secrets.";
    let expected = "exactly one secret that is valid, with an end at most 180 days away";
    let secrets = current(&registered);
    let [secret] = secrets.as_slice() else {
        let all = registered.application.password_credentials.len();
        let received = format!("{} valid, {} in all.", secrets.len(), all);
        let why =
            "Without a secret the app cannot show that it is the app. A second one that nobody uses is a second key that can be lost.";
        return Err(Failure::new(sent, received, expected, why).into());
    };
    let begin = secret.start_date_time.unwrap_or_else(|| registered.now());
    let received = match secret.end_date_time {
        Some(end) if end - begin <= LONGEST_LIFE + DAY => return Ok(()),
        Some(end) => format!("It lives for {} days.", (end - begin).whole_days()),
        None => "It has no end.".to_owned(),
    };
    let why = "A secret that leaks works until it ends. A short life limits the damage, and makes you practise the change.";
    Err(Failure::new(sent, received, expected, why).into())
}

/// The client id and the tenant as `.env` says them.
fn from_env(stage: &Stage) -> Result<Option<(String, String)>, Problem> {
    let files = stage.files()?;
    if files.env_file().is_none() {
        return Ok(None);
    }
    let client_id = files.env_value("CLIENT_ID").unwrap_or_default();
    let authority = files.env_value("AUTHORITY").unwrap_or_default();
    let tenant = authority.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    Ok(Some((client_id, tenant)))
}

async fn ids(stage: &Stage) -> Outcome {
    let registered = read(stage)?;
    let noted = |name| registered.notes.text(name).unwrap_or_default().to_owned();
    accepted(stage, &registered, "src/registration.toml", &noted("client_id"), &noted("tenant_id")).await?;
    match from_env(stage)? {
        Some((client_id, tenant)) => accepted(stage, &registered, ".env", &client_id, &tenant).await,
        None => Err(Problem::Inapplicable(WITHOUT_ENV.to_owned())),
    }
}

/// The token endpoint knows the app under these ids. The secret sent is none of the app's: it is not the subject here.
async fn accepted(stage: &Stage, registered: &Registered, file: &str, client_id: &str, tenant: &str) -> Outcome {
    let (app_id, tenant_id) = (registered.application.app_id.as_str(), registered.directory.tenant_id());
    if client_id == app_id && registered.directory.is_named(tenant) {
        return Ok(());
    }
    let idp = registered.provider(stage.world().seed()).await?;
    let segment: String = tenant.chars().filter(|letter| letter.is_ascii_alphanumeric() || "-.".contains(*letter)).collect();
    let segment = if segment.is_empty() { "not-noted".to_owned() } else { segment };
    let form = [("grant_type", "client_credentials"), ("client_id", client_id), ("client_secret", "not-the-secret"), ("scope", SCOPE)];
    let answer =
        token_request(&idp, &segment, &form).await.map_or_else(|_| "no answer: there is no such tenant".to_owned(), |it| described(&it));
    let what = match (client_id, tenant) {
        ("", _) | (_, "") => "A value is not noted.",
        (client, tenant) if client == tenant_id && tenant == app_id => "The two are swapped.",
        (client, _) if client == registered.application.id => "The client id is the object id of the registration.",
        (client, _) if client != app_id => "The client id is not that of claims-portal.",
        _ => "The tenant id is not that of this directory.",
    };
    Err(Failure::new(
        format!("A token request to /{segment}/ with the client id {client_id}, both from {file}."),
        format!("{what} The provider answers: {answer}"),
        format!("client id {app_id}, tenant id {tenant_id}"),
        "The tenant id says in which directory the provider looks, the client id for which app. An app registration has an object id, too, which \
         only Microsoft Graph uses.",
    )
    .compares([
        Compared::equal("client id", client_id, app_id),
        Compared::judged("tenant id", tenant, tenant_id, registered.directory.is_named(tenant)),
    ])
    .into())
}

const SCOPE: &str = "https://graph.microsoft.com/.default";

fn described(answer: &serde_json::Value) -> String {
    let text = answer["error_description"].as_str().unwrap_or("a token");
    // The ids behind the message help only who runs the provider.
    text.split(" Trace ID:").next().unwrap_or_default().lines().next().unwrap_or_default().to_owned()
}

async fn secret_value(stage: &Stage) -> Outcome {
    let registered = read(stage)?;
    let noted_id = registered.notes.text("secret_id").unwrap_or_default();
    let Some(credential) = current(&registered).into_iter().find(|secret| secret.key_id == noted_id) else {
        return Err(Failure::new(
            "The grader looked for the secret with the secret_id of src/registration.toml.",
            if noted_id.is_empty() { "secret_id is not noted." } else { "No valid secret of the app has this id." },
            "the Secret ID of the app's secret: a GUID",
            "The id says which secret is meant, when it has to be replaced. It is no secret itself. The value is one, and does not belong in this file.",
        )
        .into());
    };
    let files = stage.files()?;
    if files.env_file().is_none() {
        return Err(Problem::Inapplicable(WITHOUT_ENV.to_owned()));
    }
    let secret = files.env_value("CLIENT_SECRET").unwrap_or_default();
    let is_id = registered.application.password_credentials.iter().any(|it| it.key_id.eq_ignore_ascii_case(secret.trim()));
    if credential.secret_hash == PasswordCredential::HASH_NOT_TOLD && !is_id {
        return Err(Problem::Inapplicable("Microsoft Graph tells nobody a secret, so the noted one cannot be compared".to_owned()));
    }
    let idp = registered.provider(stage.world().seed()).await?;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", registered.application.app_id.as_str()),
        ("client_secret", &secret),
        ("scope", SCOPE),
    ];
    let answer = token_request(&idp, registered.directory.tenant_id(), &form).await?;
    if answer["access_token"].is_string() {
        return Ok(());
    }
    let shape = if is_id { "CLIENT_SECRET is the secret's id." } else { "CLIENT_SECRET is not the value of the app's secret." };
    Err(Failure::new(
        "A token request with CLIENT_ID and CLIENT_SECRET of .env.",
        format!("{shape} The provider answers: {}", described(&answer)),
        "the value of the secret, which the provider accepts",
        "The portal shows two columns. The Secret ID names the secret and can be read at any time. The Value is the secret, and is shown once.",
    )
    .into())
}

fn secret_stays_out(stage: &Stage) -> Outcome {
    let registered = read(stage)?;
    let files = stage.files()?;
    for (name, text) in files.texts() {
        if text.split([' ', '"', '\'', '\n', '\r', '\t', '=', ',']).any(|word| is_secret(&registered, word)) {
            return Err(Failure::new(
                "The grader looked through the files of src/.",
                format!("src/{name} holds the value of the app's secret."),
                "no secret in a file that is handed in",
                "These files go to your teacher, to git, and to everybody who may read either. Delete the value there and make a new secret: what has \
                 been in a file is known.",
            )
            .attack("Whoever reads the file can pose as your app and redeem codes.")
            .into());
        }
    }
    let Some(path) = files.env_file() else { return Err(Problem::Inapplicable(WITHOUT_ENV.to_owned())) };
    let folder = path.parent().unwrap_or(path);
    let git = |arguments: &[&str]| {
        Command::new("git")
            .arg("-C")
            .arg(folder)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .ok()
    };
    if !git(&["rev-parse", "--is-inside-work-tree"]).is_some_and(|status| status.success()) {
        return Err(Problem::Inapplicable("there is no git, or the folder of .env is no git repository".to_owned()));
    }
    let tracked = git(&["ls-files", "--error-unmatch", ".env"]).is_some_and(|status| status.success());
    let ignored = git(&["check-ignore", "--quiet", ".env"]).is_some_and(|status| status.success());
    let received = match (tracked, ignored) {
        (false, true) => return Ok(()),
        (true, _) => "git keeps .env.",
        (false, false) => "No line of .gitignore names .env.",
    };
    Err(Failure::new(
        "The grader asked git about .env.",
        received,
        ".env is ignored and was never added",
        "With the next `git add .` the secret is in the history, and from there it does not go away.",
    )
    .attack("Whoever may read the repository can pose as your app.")
    .into())
}

fn is_secret(registered: &Registered, word: &str) -> bool {
    word.len() >= 16 && registered.application.password_credentials.iter().any(|secret| secret.matches(word))
}
