//! App roles in the portal, what a deleted app takes with it, and names that try to be markup.

use reqwest::StatusCode;

use crate::{
    portal_apps::{applications, empty_tenant, register, summary, with_app},
    portal_guest::{PortalGuest, PortalPage},
    visitor::{ADA, OLGA, TENANT},
};

async fn role(guest: &mut PortalGuest, overview: &str, fields: &[(&str, &str)]) -> PortalPage {
    let form = guest.open(&format!("{overview}/roles/new")).await;
    guest.send(&form, "/roles/new", fields).await
}

const ADJUSTER: [(&str, &str); 4] =
    [("display_name", "Claims adjuster"), ("member_types", "User"), ("value", "Claims.Adjuster"), ("description", "Works on claims")];

#[tokio::test]
async fn a_role_is_created_and_one_with_a_space_or_a_taken_value_is_refused() {
    let idp = empty_tenant().await;
    let (mut guest, overview) = with_app(&idp).await;
    let with = |name, value| ADJUSTER.map(|(field, old)| if field == name { (field, value) } else { (field, old) });
    let page = role(&mut guest, &overview, &with("value", "Claims Adjuster")).await;
    assert!(page.status == 422 && summary(&page).starts_with("Value: "), "{}", summary(&page));
    assert_eq!(page.values("#display_name, #value, #description"), ["Claims adjuster", "Claims Adjuster", "Works on claims"]);
    for (field, label) in
        [("display_name", "Display name"), ("value", "Value"), ("description", "Description"), ("member_types", "Allowed member types")]
    {
        let page = role(&mut guest, &overview, &with(field, "")).await;
        assert!(page.status == 422 && summary(&page).starts_with(label), "{field}: {}", summary(&page));
    }
    let page = role(&mut guest, &overview, &ADJUSTER).await;
    assert_eq!(page.texts("tbody td")[..3], ["Works on claims", "Users/Groups", "Claims.Adjuster"]);
    let page = role(&mut guest, &overview, &ADJUSTER).await;
    assert!(page.status == 422 && summary(&page).contains("'Claims.Adjuster' is there already"), "{}", summary(&page));
    assert_eq!(applications(&idp)[0].app_roles.len(), 1);
}

#[tokio::test]
async fn an_enabled_role_is_disabled_before_it_is_deleted_and_takes_its_assignments_along() {
    let idp = empty_tenant().await;
    let (mut guest, overview) = with_app(&idp).await;
    let list = role(&mut guest, &overview, &ADJUSTER).await;
    let app = applications(&idp).remove(0);
    idp.edit_directory(TENANT, |directory| {
        let ada = directory.user_by_principal_name(ADA).expect("in the seed").id.clone();
        directory.assign(&ada, &app.app_id, "Claims.Adjuster").expect("defined");
    });
    let edit = list.attributes("tbody th a", "href").remove(0);
    let ask = guest.open(&format!("{edit}/delete")).await;
    let refused = guest.send(&ask, "/delete", &[]).await;
    assert!(refused.status == 422 && refused.html.contains("Disable it first"));
    let form = guest.open(&edit).await;
    let (_, mut unticked) = form.form(&edit);
    unticked.retain(|(name, _)| name != "enabled");
    let list = guest.post(&edit, &unticked).await;
    assert_eq!(list.texts("tbody td").last().map(String::as_str), Some("Disabled"));
    let ask = guest.open(&format!("{edit}/delete")).await;
    let list = guest.send(&ask, "/delete", &[]).await;
    assert!(list.html.contains("No app roles have been defined"));
    idp.edit_directory(TENANT, |directory| assert!(directory.app_role_assignments.is_empty()));
}

#[tokio::test]
async fn a_deleted_app_is_listed_restored_and_deleted_for_good() {
    let idp = empty_tenant().await;
    let (mut guest, overview) = with_app(&idp).await;
    role(&mut guest, &overview, &ADJUSTER).await;
    let app = applications(&idp).remove(0);
    idp.edit_directory(TENANT, |directory| {
        let ada = directory.user_by_principal_name(ADA).expect("in the seed").id.clone();
        directory.assign(&ada, &app.app_id, "Claims.Adjuster").expect("defined");
    });
    let ask = guest.open(&format!("{overview}/delete")).await;
    assert!(ask.html.contains("AADSTS700016") && ask.html.contains("1 role assignments"));
    let list = guest.send(&ask, "/delete", &[]).await;
    assert!(list.path().ends_with("tab=deleted") && list.texts("tbody th") == ["claims-portal"]);
    assert!(guest.open(&overview).await.html.contains("was deleted"));
    let ask = guest.open(&format!("{overview}/restore")).await;
    guest.send(&ask, "/restore", &[]).await;
    assert_eq!(applications(&idp), [app]);
    idp.edit_directory(TENANT, |directory| assert_eq!(directory.app_role_assignments.len(), 1));
    let ask = guest.open(&format!("{overview}/delete")).await;
    guest.send(&ask, "/delete", &[]).await;
    let ask = guest.open(&format!("{overview}/purge")).await;
    let list = guest.send(&ask, "/purge", &[]).await;
    assert!(list.html.contains("Nothing was deleted"));
    assert_eq!(guest.open(&format!("{overview}/restore")).await.status, 404);
}

#[tokio::test]
async fn hostile_names_stay_text_on_every_page() {
    let idp = empty_tenant().await;
    let mut guest = PortalGuest::signed_in(&idp, OLGA).await;
    let name = "\u{202e}</title><script>alert(1)</script>\" onload=\"x 🦔 '&amp;";
    let page = register(&mut guest, &[("name", name)]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", summary(&page));
    let overview = page.path();
    let fields = [("display_name", name), ("member_types", "User"), ("value", "<b>&'"), ("description", name)];
    role(&mut guest, &overview, &fields).await;
    let form = guest.open(&format!("{overview}/credentials/new-secret")).await;
    guest.send(&form, "/new-secret", &[("description", name), ("expires", "90")]).await;
    let pages = [
        "",
        "/branding",
        "/authentication",
        "/credentials",
        "/permissions",
        "/permissions/consent",
        "/roles",
        "/roles/new",
        "/delete",
        "/endpoints",
    ];
    let pages = pages.map(|part| format!("{overview}{part}")).into_iter().chain(["/portal", "/portal/apps"].map(str::to_owned));
    for path in pages {
        let page = guest.open(&path).await;
        assert_eq!((page.status, page.html.matches("<script").count()), (StatusCode::OK, 1), "{path}");
        assert!(!page.html.contains("\" onload=\"") && !page.text("title").contains('\u{202e}'), "{path}");
        assert!(page.html.len() < 60_000, "{path} has {} bytes", page.html.len());
    }
    let list = guest.open(&format!("/portal/apps?q={}", "%3Cscript%3E")).await;
    assert_eq!(list.texts("tbody th").len(), 1, "found by its name");
}
