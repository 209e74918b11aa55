//! What a learner hands in for unit 3: the exported directory and the notes.

use mock_idp::{
    Directory, MockIdp,
    clock::Clock,
    directory::{
        application::Application,
        seed::{CLAIMS_PORTAL_APP_ID, StartState, start_state},
        user::User,
    },
};
use time::OffsetDateTime;

use super::APP_NAME;
use crate::{
    stage::Stage,
    verdict::{Failure, Problem},
};

/// The learner's tenant, and what the learner wrote down about it.
pub(super) struct Registered {
    pub directory: Directory,
    pub application: Application,
    pub notes: Notes,
}

/// `src/registration.toml`.
pub(super) struct Notes(toml::Table);

impl Notes {
    /// A text of the file; nothing if it is missing, empty or still a TODO.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(toml::Value::as_str).map(str::trim).filter(|text| !text.is_empty() && !text.starts_with("TODO"))
    }

    /// A decision; nothing as long as it is neither `true` nor `false`.
    pub fn decision(&self, name: &str) -> Option<bool> {
        self.0.get("decisions")?.get(name)?.as_bool()
    }

    /// Why it was decided so.
    pub fn reason(&self) -> &str {
        let reason = self.0.get("decisions").and_then(|decisions| decisions.get("reason")).and_then(toml::Value::as_str);
        reason.map(str::trim).filter(|text| !text.starts_with("TODO")).unwrap_or_default()
    }
}

/// Reads both files and finds the app.
pub(super) fn read(stage: &Stage) -> Result<Registered, Problem> {
    let files = stage.files()?;
    let directory = directory(&files.text("directory.json")?)?;
    let notes = notes(&files.text("registration.toml")?)?;
    let mut called: Vec<&Application> = directory.applications.iter().filter(|app| app.display_name == APP_NAME).collect();
    match (called.pop(), called.len()) {
        (Some(application), 0) => Ok(Registered { application: application.clone(), directory, notes }),
        (found, others) => Err(Failure::new(
            "The grader looked for the app in src/directory.json.",
            match found {
                Some(_) => format!("There are {} apps of the name {APP_NAME}.", others + 1),
                None => {
                    let names: Vec<&str> = directory.applications.iter().map(|app| app.display_name.as_str()).collect();
                    format!("No app is called {APP_NAME}; the apps are: {}.", if names.is_empty() { "none".to_owned() } else { names.join(", ") })
                }
            },
            format!("exactly one app registration with the name {APP_NAME}"),
            "The provider signs people in only for an app that it knows. Two apps of one name have two client ids, and sooner or later somebody \
             configures the wrong one. If you have registered the app already, run `cargo xtask export registration`: it writes src/directory.json.",
        )
        .into()),
    }
}

fn directory(text: &str) -> Result<Directory, Problem> {
    Directory::from_json(text).map_err(|error| {
        Failure::new(
            "The grader read src/directory.json.",
            error.to_string().chars().take(800).collect::<String>(),
            "a directory file, as `cargo xtask export registration` writes it",
            "The grader starts a provider of its own with your directory, so it must be able to read the file.",
        )
        .into()
    })
}

fn notes(text: &str) -> Result<Notes, Problem> {
    text.parse().map(Notes).map_err(|error: toml::de::Error| {
        Failure::new(
            "The grader read src/registration.toml.",
            error.to_string(),
            "a TOML file: lines such as client_id = \"…\", texts in quotation marks",
            "These are your notes about the registration: the values that the app's configuration needs, and your decisions.",
        )
        .into()
    })
}

impl Registered {
    /// The instant by which secrets are judged: when the file was exported, so that work that was handed in does not grow old.
    pub fn now(&self) -> OffsetDateTime {
        let exported = self.notes.text("exported");
        let parsed = exported.and_then(|text| OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).ok());
        parsed.unwrap_or_else(|| Clock::system().now())
    }

    /// A provider with the learner's tenant, at the instant of the export.
    pub async fn provider(&self, seed: u64) -> Result<MockIdp, Problem> {
        let clock = Clock::system();
        clock.set(self.now());
        let idp = MockIdp::builder().directory(self.directory.clone()).seed(seed).clock(clock).start().await;
        idp.map_err(|error| Problem::Broken(format!("the grader's provider does not start: {error}")))
    }
}

/// How a person is called in a message: `Ada Adjuster`, and the sign-in name where two share a name.
pub(super) fn called(directory: &Directory, id: &str) -> String {
    let Some(user) = directory.user(id) else {
        let group = directory.groups.get(id).map(|group| format!("the group {}", group.display_name));
        return group.unwrap_or_else(|| format!("the principal {id}"));
    };
    let namesakes = directory.users.iter().filter(|other| other.display_name == user.display_name).count();
    if namesakes > 1 { format!("{} ({})", user.display_name, user.user_principal_name) } else { user.display_name.clone() }
}

/// ABC's directory at the end of this unit, where everybody has the role of the matrix.
pub(super) struct Matrix(Directory);

impl Matrix {
    pub fn new() -> Self {
        // The secret is of no matter here: only people and roles are looked at.
        Self(start_state(StartState::Unit4, "unit 3").swap_remove(0))
    }

    /// The people of ABC whom the learner's directory knows, by object id.
    ///
    /// # Errors
    /// When it knows none of them: then it is another tenant, and there is no matrix for its people.
    pub fn people<'a>(&'a self, directory: &Directory) -> Result<Vec<&'a User>, Problem> {
        let known: Vec<&User> = self.0.users.iter().filter(|user| directory.user(&user.id).is_some()).collect();
        if known.is_empty() {
            return Err(Problem::Inapplicable(
                "the directory holds none of ABC's practice people, so the matrix says nothing about its people".to_owned(),
            ));
        }
        Ok(known)
    }

    /// The roles that this person shall have.
    pub fn roles(&self, user: &User) -> Vec<String> {
        self.0.application(CLAIMS_PORTAL_APP_ID).map(|app| self.0.role_values(&user.id, app)).unwrap_or_default()
    }

    /// Object id of the principal and value of the role, of every assignment that shall be.
    pub fn assignments(&self) -> Vec<(String, String)> {
        self.0.application(CLAIMS_PORTAL_APP_ID).map(|app| super::assignments::of(&self.0, app)).unwrap_or_default()
    }

    /// Whether this is one of ABC's people or groups.
    pub fn is_user(&self, id: &str) -> bool {
        self.0.user(id).is_some()
    }
}
