//! The answer to the app for `response_mode=form_post`: a form that sends itself.
//!
//! OAuth 2.0 Form Post Response Mode, section 2; Microsoft identity platform: v2-oauth2-auth-code-flow.

use maud::{Markup, PreEscaped, html};

use crate::html::layout;

/// The only inline script of the mock.
const SCRIPT: &str = "document.forms[0].submit();";

/// `SCRIPT` for the `script-src` of the page's `Content-Security-Policy` (CSP Level 3 §2.3.1, hash source).
pub const SCRIPT_HASH: &str = "'sha256-8lDeP0UDwCO6/RhblgeH/ctdBzjVpJxrXizsnIk3cEQ='";

/// Renders the page whose only form carries `fields` to `redirect_uri`, by itself or, without JavaScript, by its button.
pub fn render(redirect_uri: &str, fields: &[(&str, &str)]) -> Markup {
    layout::document(
        "Back to the app",
        html! {
            div class="card" {
                h1 { "Back to the app" }
                p { "The next step takes the answer to the app." }
                form method="post" action=(redirect_uri) {
                    @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
                    div class="actions" { button class="button primary" type="submit" { "Continue" } }
                }
                script { (PreEscaped(SCRIPT)) }
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn the_script_hash_is_that_of_the_script() {
        let digest = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(SCRIPT));
        assert_eq!(SCRIPT_HASH, format!("'sha256-{digest}'"));
    }

    #[test]
    fn the_page_holds_the_script_exactly_as_hashed() {
        let page = render("http://localhost:5000/getAToken", &[]).into_string();
        assert!(page.contains(&format!("<script>{SCRIPT}</script>")), "{page}");
    }
}
