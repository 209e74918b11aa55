//! What pages of the portal look like to a program: labels, order of fields, what describes what.

use crate::{
    portal_apps::{CLAIMS_PORTAL, empty_tenant, register},
    portal_guest::{PortalGuest, PortalPage},
    visitor::OLGA,
};

/// The inside of `<main>`, one element a line, without what differs from run to run.
fn main_of(page: &PortalPage, app_id: &str) -> String {
    let csrf = page.values("input[name='csrf']").remove(0);
    let (_, inside) = page.html.split_once("<main id=\"main\" tabindex=\"-1\">").expect("a main element");
    let (inside, _) = inside.split_once("</main>").expect("its end");
    inside.replace(&csrf, "[token]").replace(app_id, "[app id]").replace("><", ">\n<")
}

#[tokio::test]
async fn the_forms_of_unit_three_look_as_they_did() {
    let idp = empty_tenant().await;
    let mut guest = PortalGuest::signed_in(&idp, OLGA).await;
    let form = guest.open("/portal/apps/new").await;
    insta::assert_snapshot!("register_an_application", main_of(&form, "-"));
    let overview = register(&mut guest, &CLAIMS_PORTAL).await.path();
    let app_id = overview.rsplit('/').next().expect("the last part").to_owned();
    let form = guest.open(&format!("{overview}/authentication")).await;
    insta::assert_snapshot!("authentication", main_of(&form, &app_id));
    let form = guest.open(&format!("{overview}/roles/new")).await;
    insta::assert_snapshot!("create_app_role", main_of(&form, &app_id));
}
