//! POST /portal/theme: light, dark, or as the computer says.

use axum::{
    Router,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use cookie::{Cookie, SameSite, time::Duration};

use super::{PortalState, form::Fields, session::cookie_values, visit::local_path};

/// The theme is no secret and outlives the session, so it has a cookie of its own.
const COOKIE: &str = "pd_theme";

/// The colours of the pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the computer says.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// The theme that the browser chose before.
    pub fn of(headers: &HeaderMap) -> Self {
        cookie_values(headers, COOKIE).next().map(|value| Self::named(&value)).unwrap_or_default()
    }

    fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.name() == name).unwrap_or_default()
    }

    /// `auto`, `light` or `dark`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The value of `data-theme`, which overrides the computer's choice.
    pub fn attribute(self) -> Option<&'static str> {
        (self != Self::Auto).then_some(self.name())
    }

    /// The one that the button leads to.
    pub const fn next(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        }
    }
}

/// The route.
pub fn routes() -> Router<PortalState> {
    Router::new().route("/portal/theme", post(switch))
}

async fn switch(fields: Fields) -> Response {
    let theme = Theme::named(fields.text("theme"));
    let cookie = Cookie::build((COOKIE, theme.name())).path("/portal").http_only(true).same_site(SameSite::Strict);
    let cookie = cookie.max_age(Duration::days(365)).build().to_string();
    (StatusCode::SEE_OTHER, [(header::LOCATION, local_path(fields.text("return"))), (header::SET_COOKIE, cookie)]).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_button_leads_through_all_themes() {
        assert_eq!(Theme::ALL.map(Theme::next), [Theme::Light, Theme::Dark, Theme::Auto]);
        assert_eq!(["dark", "auto", "<pink>"].map(Theme::named), [Theme::Dark, Theme::Auto, Theme::Auto]);
    }
}
