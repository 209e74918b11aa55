//! What `start` prints when the mock is ready: where everything is, and whom to sign in as.

use std::path::PathBuf;

use mock_idp::server::certificates::TRUST;

use crate::terminal::{Ink, Style};

#[derive(Debug)]
pub struct Addresses {
    pub http: String,
    pub https: String,
    pub tenant: String,
    pub book: String,
    pub ca: PathBuf,
    /// Where the mock stands: `start of unit 4`.
    pub state: String,
    pub app_id: Option<String>,
}

pub fn render(addresses: &Addresses, style: Style) -> String {
    let Addresses { http, https, tenant, book, ca, state, app_id } = addresses;
    let ca = ca.to_string_lossy();
    let rows = [
        ("Sign-in, discovery", format!("{http}/{tenant}/v2.0/.well-known/openid-configuration")),
        ("  the same over https", format!("{https}/{tenant}/v2.0/.well-known/openid-configuration")),
        ("Front page of the mock", format!("{http}/")),
        ("Practice portal", format!("{http}/portal")),
        ("Stub Microsoft Graph", format!("{http}/graph/v1.0/me")),
        ("Book", format!("{book} (is being built; a line follows when it is ready)")),
        ("Certificate authority", ca.to_string()),
        ("App", app_id.as_ref().map_or("none registered in this state".to_owned(), |id| format!("claims-portal, client id {id}"))),
        ("People", "ada.adjuster@abc-insurance.example and others; password of everybody: Practice-2026".to_owned()),
    ];
    let mut text = format!("{}\n", style.paint(Ink::Strong, format!("The mock identity provider is ready ({state}).")));
    text += &style.rule(78);
    for (what, where_) in rows {
        text += &match style {
            Style::Plain => format!("{}: {where_}\n", what.trim_start()),
            Style::Ruled | Style::Coloured => format!("{} {where_}\n", style.paint(Ink::Strong, format!("{what:<23}"))),
        };
    }
    text += "\nhttps: a browser shows a certificate warning until it trusts the authority above. A program trusts it with:\n";
    for (variable, ecosystem) in TRUST {
        text += &format!("  {:<60}  {}\n", format!("{variable}={ca}"), style.paint(Ink::Faint, ecosystem));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses() -> Addresses {
        Addresses {
            http: "http://localhost:8400".to_owned(),
            https: "https://localhost:8443".to_owned(),
            tenant: "2d4f7a90".to_owned(),
            book: "http://localhost:3000".to_owned(),
            ca: PathBuf::from("/data/ca.pem"),
            state: "start of unit 4".to_owned(),
            app_id: Some("cf9e4f42".to_owned()),
        }
    }

    #[test]
    fn the_table_names_every_address_and_the_authority() {
        insta::assert_snapshot!(render(&addresses(), Style::Ruled));
    }

    #[test]
    fn plain_text_has_one_fact_a_line() {
        let without_app = Addresses { app_id: None, state: "start of unit 1".to_owned(), ..addresses() };
        insta::assert_snapshot!(render(&without_app, Style::Plain));
    }
}
