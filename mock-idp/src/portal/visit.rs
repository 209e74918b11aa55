//! One request to the portal by somebody who is signed in: who it is, what she may see, and how she is answered.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, OriginalUri},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use maud::html;
use time::OffsetDateTime;

use super::{
    PortalState,
    page::{self, Frame, Page, Section},
    session::PortalSession,
    theme::Theme,
};
use crate::{
    directory::{Directory, EditError, Tenants, user::User},
    faults::Faults,
    html::outside_text,
    random::Entropy,
    request_context::RequestContext,
};

/// A request by somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The instant of the request.
    pub now: OffsetDateTime,
    /// `http://localhost:8400`
    pub origin: String,
    /// A snapshot of the tenant.
    pub directory: Arc<Directory>,
    /// Who is signed in.
    pub user: User,
    /// The browser's session.
    pub session: PortalSession,
    theme: Theme,
    path: String,
    state: PortalState,
}

/// The answer where a page cannot do what it was asked: another page, or a redirect.
#[derive(Debug)]
pub struct Instead(Box<Response>);

impl From<Response> for Instead {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl IntoResponse for Instead {
    fn into_response(self) -> Response {
        *self.0
    }
}

impl FromRequestParts<PortalState> for Visit {
    type Rejection = Instead;

    async fn from_request_parts(parts: &mut Parts, state: &PortalState) -> Result<Self, Instead> {
        let context = RequestContext::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |uri| &uri.0);
        let path = uri.path_and_query().map(ToString::to_string).unwrap_or_default();
        // The path of a form is no page to come back to.
        let back = if parts.method == axum::http::Method::GET { path.as_str() } else { "/portal" };
        let signed_out = || Instead::from(see_other(&format!("/portal/sign-in?{}", encoded(&[("return", back)]))));
        let session = state.sessions.of(&parts.headers).ok_or_else(signed_out)?;
        let person = session.person.as_ref().ok_or_else(signed_out)?;
        let directory = state.tenants.find(&person.tenant_id).ok_or_else(signed_out)?;
        let user = directory.user(&person.user_id).filter(|user| user.account_enabled).ok_or_else(signed_out)?.clone();
        let theme = Theme::of(&parts.headers);
        Ok(Self { now: context.now, origin: context.origin, directory, user, session, theme, path, state: state.clone() })
    }
}

impl Visit {
    /// All tenants: an app may be registered in another one.
    pub fn tenants(&self) -> &Tenants {
        &self.state.tenants
    }

    /// The faults, if they may be set from outside.
    pub fn faults(&self) -> Option<&Faults> {
        self.state.faults.as_ref()
    }

    /// Path and query of the request.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The source of ids and secrets.
    pub fn entropy(&self) -> &Entropy {
        &self.state.entropy
    }

    /// Shows a page.
    pub fn show(&self, page: Page) -> Response {
        self.show_as(StatusCode::OK, page)
    }

    /// Shows a form again with its mistakes.
    pub fn show_again(&self, page: Page) -> Response {
        self.show_as(StatusCode::UNPROCESSABLE_ENTITY, page)
    }

    fn show_as(&self, status: StatusCode, page: Page) -> Response {
        let notice = self.state.sessions.take_notice(&self.session.id);
        let frame = Frame {
            tenant_name: &self.directory.organization.display_name,
            user: &self.user,
            csrf: &self.session.csrf,
            theme: self.theme,
            path: &self.path,
            notice: notice.as_deref(),
        };
        (status, page::document(&frame, page)).into_response()
    }

    /// Answers a form that was carried out: goes to `path`, which shows `notice`. Loading that page again repeats nothing.
    pub fn done(&self, path: &str, notice: impl Into<String>) -> Response {
        self.state.sessions.leave_notice(&self.session.id, notice.into());
        see_other(path)
    }

    /// Changes the tenant. When this returns, the directory has kept the change or refused it.
    ///
    /// # Errors
    /// What `change` returns; or [`EditError`], as the caller's own error.
    pub async fn edit<R, E>(&self, change: impl FnOnce(&mut Directory) -> Result<R, E> + Send + 'static) -> Result<R, E>
    where
        R: Send + 'static,
        E: From<EditError> + Send + 'static,
    {
        let (tenants, tenant) = (self.state.tenants.clone(), self.directory.tenant_id().to_owned());
        // To keep a change is to wait for the disk: not on a thread that serves others.
        let edited = tokio::task::spawn_blocking(move || tenants.edit(&tenant, change)).await;
        edited.expect("a change of the directory does not panic")
    }

    /// Keeps a secret for the one page that shows it; the token by which that page asks for it.
    pub fn keep_for_one_page(&self, secret: String) -> String {
        self.state.sessions.keep_for_one_page(&self.session.id, secret, &self.state.entropy)
    }

    /// The secret that was kept under `token`, once.
    pub fn take_for_one_page(&self, token: &str) -> Option<String> {
        self.state.sessions.take_for_one_page(&self.session.id, token)
    }

    /// The page for an address under which there is nothing. `what` begins the sentence: "There is no … here".
    pub fn not_found(&self, section: Section, what: &str, body: maud::Markup) -> Instead {
        let page = Page::new(section, "Not found").body(html! {
            div class="prose" { p { "There is no " (what) " at this address in the directory of " (self.directory.organization.display_name) "." } (body) }
        });
        self.show_as(StatusCode::NOT_FOUND, page).into()
    }

    /// The page for somebody who lacks a right.
    pub fn forbidden(&self, section: Section, reason: &str) -> Instead {
        let page = Page::new(section, "You do not have access").body(html! {
            div class="prose" {
                p { (reason) }
                p { "Nothing was changed. To go on, sign out and sign in as an administrator, as you would ask one to do it in a real company." }
            }
        });
        self.show_as(StatusCode::FORBIDDEN, page).into()
    }

    /// The page for a change that the directory refuses.
    pub fn refused(&self, section: Section, reason: &str) -> Instead {
        let page = Page::new(section, "This cannot be done").body(html! {
            div class="prose" { p { (outside_text(reason)) } p { "Nothing was changed." } }
        });
        self.show_as(StatusCode::UNPROCESSABLE_ENTITY, page).into()
    }

    /// The page for a change that the store could not keep.
    pub fn not_kept(&self, section: Section, error: &EditError) -> Instead {
        let page = Page::new(section, "The change was not saved").body(html! {
            div class="prose" {
                p { "The directory could not store the change, so it was not made: everything is as it was before." }
                p { code { (error) } }
                p { "Check that the disk has space and that the data directory can be written, then try again." }
            }
        });
        self.show_as(StatusCode::SERVICE_UNAVAILABLE, page).into()
    }
}

/// GET of an address of the portal that does not exist.
pub async fn nothing_here(visit: Visit) -> Instead {
    visit.not_found(Section::Home, "page", html! { p { a href="/portal" { "Home" } " lists what there is." } })
}

/// 303, so that the browser goes there by GET.
pub fn see_other(path: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, local_path(path))]).into_response()
}

/// `path` if it is one of the portal's, else the home page: a form must not send people elsewhere.
pub fn local_path(path: &str) -> String {
    let after = path.strip_prefix("/portal").unwrap_or("-");
    let is_ours = after.is_empty() || after.starts_with(['/', '?']);
    let is_plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') && !path.contains("/..");
    if is_ours && is_plain { path.to_owned() } else { "/portal".to_owned() }
}

/// `name=value&…` for an address.
pub fn encoded(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_sent_to_pages_of_the_portal_only() {
        for path in ["/portal", "/portal?x=1", "/portal/apps/1?tab=all&q=a%20b"] {
            assert_eq!(local_path(path), path);
        }
        for path in [
            "",
            "https://evil.example/",
            "//evil.example",
            "/portals",
            "/portal\\evil",
            "/portal/\r\nset-cookie: a",
            "/portal/../mock",
            "/mock",
        ] {
            assert_eq!(local_path(path), "/portal", "{path}");
        }
    }
}
