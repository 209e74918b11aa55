//! What the authentication page holds before it is saved.

use crate::{
    directory::{
        application::{Application, Platform},
        refusal::Refusal,
        validation::redirect_uris,
    },
    portal::{form::Fields, mistakes::Mistakes},
};

/// More rows than this are not drawn up: the directory would refuse them.
const MOST_ROWS: usize = 300;

/// The redirect URIs of one platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// The platform.
    pub platform: Platform,
    /// The name of the fields.
    pub key: &'static str,
    /// The platform's name.
    pub name: &'static str,
    /// The addresses, empty ones too.
    pub uris: Vec<String>,
}

impl Rows {
    /// The id of the field in this row.
    pub fn field(&self, index: usize) -> String {
        format!("{}-{index}", self.key)
    }
}

/// The settings as they would be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The platforms.
    pub rows: [Rows; 3],
    /// Front-channel logout URL.
    pub logout_url: String,
    /// Access tokens from the authorization endpoint.
    pub access_tokens: bool,
    /// ID tokens from the authorization endpoint.
    pub id_tokens: bool,
    /// Allow public client flows.
    pub public_client: bool,
}

fn rows(uris: impl Fn(Platform, &'static str) -> Vec<String>) -> [Rows; 3] {
    let row = |platform, key, name| Rows { platform, key, name, uris: uris(platform, key) };
    [
        row(Platform::Web, "uri_web", "Web"),
        row(Platform::SinglePage, "uri_spa", "Single-page application"),
        row(Platform::PublicClient, "uri_native", "Mobile and desktop applications"),
    ]
}

impl Draft {
    /// What is registered.
    pub fn of(app: &Application) -> Self {
        let registered = |wanted: Platform, _: &'static str| {
            app.redirect_uris().filter(|(platform, _)| *platform == wanted).map(|(_, uri)| uri.to_owned()).collect()
        };
        Self {
            rows: rows(registered),
            logout_url: app.web.logout_url.clone().unwrap_or_default(),
            access_tokens: app.web.implicit_grant_settings.enable_access_token_issuance,
            id_tokens: app.web.implicit_grant_settings.enable_id_token_issuance,
            public_client: app.is_fallback_public_client == Some(true),
        }
    }

    /// What the form holds.
    pub fn sent(fields: &Fields) -> Self {
        Self {
            rows: rows(|_, key| fields.all(key).take(MOST_ROWS).map(|uri| uri.trim().to_owned()).collect()),
            logout_url: fields.text("logout_url").trim().to_owned(),
            access_tokens: fields.has("access_tokens"),
            id_tokens: fields.has("id_tokens"),
            public_client: fields.text("public_client") == "yes",
        }
    }

    /// Adds or removes a row if that was the button; whether it was.
    pub fn edit_rows(&mut self, fields: &Fields) -> bool {
        if fields.has("save") {
            return false;
        }
        let add = self.rows.iter_mut().find(|rows| rows.key == fields.text("add"));
        if let Some(rows) = add {
            rows.uris.push(String::new());
            return true;
        }
        let Some((key, index)) = fields.text("remove").split_once(':') else { return false };
        let rows = self.rows.iter_mut().find(|rows| rows.key == key);
        if let (Some(rows), Ok(index)) = (rows, index.parse::<usize>())
            && index < rows.uris.len()
        {
            rows.uris.remove(index);
        }
        true
    }

    /// A row that was added and left empty asks for nothing.
    pub fn drop_empty_rows(&mut self) {
        self.rows.iter_mut().for_each(|rows| rows.uris.retain(|uri| !uri.is_empty()));
    }

    /// Puts the settings into the registration.
    pub fn apply(&self, app: &mut Application) {
        for rows in &self.rows {
            rows.uris.clone_into(app.redirect_uris_of(rows.platform));
        }
        apply_settings(app, &self.logout_url, self.access_tokens, self.id_tokens);
        // Absent and false mean the same; a page that nobody changed must change nothing.
        if self.public_client || app.is_fallback_public_client.is_some() {
            app.is_fallback_public_client = Some(self.public_client);
        }
    }

    /// A refusal, at the row that it is about.
    pub fn mistakes_of(&self, refusal: &Refusal) -> Mistakes {
        let (property, sentence) = (refusal.property().unwrap_or_default(), refusal.to_string());
        let mut mistakes = Mistakes::none();
        if property == "web.logoutUrl" {
            mistakes.about("logout_url", "Front-channel logout URL", sentence);
            return mistakes;
        }
        // A URI that stands twice is wrong where it stands for the second time.
        let mut all = self.rows.iter().flat_map(|rows| rows.uris.iter().enumerate().map(move |(index, uri)| (rows, index, uri)));
        let named = all.rfind(|(_, _, uri)| sentence.contains(uri.as_str()));
        let first_of = self.rows.iter().find(|rows| redirect_uris::property(rows.platform) == property && !rows.uris.is_empty());
        match named.map(|(rows, index, _)| (rows, index)).or(first_of.map(|rows| (rows, 0))) {
            Some((rows, index)) => mistakes.about(rows.field(index), rows.name, sentence),
            None => mistakes.add("", sentence),
        }
        mistakes
    }
}

/// Puts the settings of the web platform into the registration.
pub fn apply_settings(app: &mut Application, logout_url: &str, access_tokens: bool, id_tokens: bool) {
    app.web.logout_url = Some(logout_url.to_owned()).filter(|url| !url.is_empty());
    app.web.implicit_grant_settings.enable_access_token_issuance = access_tokens;
    app.web.implicit_grant_settings.enable_id_token_issuance = id_tokens;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app() -> Application {
        Application::web("claims-portal", "http://localhost:5000/a").redirect_uri("http://localhost:5000/b")
    }

    fn edited(body: &str) -> (bool, Vec<String>) {
        let fields = Fields::parse(body.as_bytes());
        let mut draft = Draft::sent(&fields);
        (draft.edit_rows(&fields), draft.rows[0].uris.clone())
    }

    #[test]
    fn buttons_add_and_remove_rows_and_saving_does_neither() {
        let sent = "uri_web=http%3A%2F%2Fa&uri_web=http%3A%2F%2Fb";
        assert_eq!(edited(&format!("{sent}&add=uri_web")), (true, vec!["http://a".to_owned(), "http://b".to_owned(), String::new()]));
        assert_eq!(edited(&format!("{sent}&remove=uri_web%3A0")), (true, vec!["http://b".to_owned()]));
        assert_eq!(edited(&format!("{sent}&remove=uri_web%3A7")).1.len(), 2);
        assert!(!edited(&format!("{sent}&save=1")).0 && !edited(sent).0);
    }

    #[test]
    fn a_page_that_nobody_changed_changes_nothing() {
        let mut changed = app();
        Draft::of(&app()).apply(&mut changed);
        assert_eq!(changed, app());
    }
}
