//! App registrations in the portal: what a person does in unit 3, and what the pages refuse.

use mock_idp::{Directory, MockIdp, directory::application::Application};
use reqwest::StatusCode;

use crate::{
    portal_guest::{PortalGuest, PortalPage},
    visitor::{ADA, OLGA, TENANT},
};

pub async fn empty_tenant() -> MockIdp {
    MockIdp::builder().directory(Directory::abc_insurance()).seed(7).start().await.expect("free ports")
}

pub async fn register(guest: &mut PortalGuest, fields: &[(&str, &str)]) -> PortalPage {
    let page = guest.open("/portal/apps/new").await;
    guest.send(&page, "/portal/apps/new", fields).await
}

pub const CLAIMS_PORTAL: [(&str, &str); 3] =
    [("name", "claims-portal"), ("platform", "web"), ("redirect_uri", "http://localhost:5000/getAToken")];

/// Somebody with a new app; the path of its overview.
pub async fn with_app(idp: &MockIdp) -> (PortalGuest, String) {
    let mut guest = PortalGuest::signed_in(idp, OLGA).await;
    let overview = register(&mut guest, &CLAIMS_PORTAL).await;
    (guest, overview.path())
}

pub fn applications(idp: &MockIdp) -> Vec<Application> {
    idp.edit_directory(TENANT, |directory| directory.applications.iter().cloned().collect())
}

pub fn summary(page: &PortalPage) -> String {
    page.texts(".summary li").join("; ")
}

#[tokio::test]
async fn registering_an_app_shows_its_ids_and_makes_its_enterprise_app() {
    let idp = empty_tenant().await;
    let mut guest = PortalGuest::signed_in(&idp, OLGA).await;
    let page = register(&mut guest, &CLAIMS_PORTAL).await;
    let [app] = &applications(&idp)[..] else { panic!("one app") };
    assert_eq!(page.url, format!("{}/portal/apps/{}", idp.origin(), app.app_id));
    assert_eq!(page.text("title"), "claims-portal, Overview - ABC Insurance practice directory");
    let essentials = page.texts(".ess dd");
    assert_eq!(essentials[..4], ["claims-portal", &app.app_id, &app.id, TENANT]);
    assert_eq!(essentials[4..7], ["Single tenant only - ABC Insurance", "0 certificates, 0 secrets", "1 web, 0 spa, 0 public client"]);
    assert!(page.text(".notice").starts_with("Registered claims-portal."));
    let again = guest.open(&page.path()).await;
    assert!(again.texts(".notice").is_empty(), "said once");
    idp.edit_directory(TENANT, |directory| {
        assert!(directory.service_principal(&app.app_id).is_some(), "the enterprise app");
        assert_eq!(app.owners, [directory.user_by_principal_name(OLGA).expect("in the seed").id.clone()]);
    });
    let permissions = guest.open(&format!("{}/permissions", page.path())).await;
    assert_eq!(permissions.texts("tbody th"), ["User.Read"]);
}

#[tokio::test]
async fn a_refused_registration_keeps_what_was_typed_and_creates_nothing() {
    let idp = empty_tenant().await;
    let mut guest = PortalGuest::signed_in(&idp, OLGA).await;
    let long = format!("http://localhost:5000/{}", "x".repeat(236));
    let cases = [
        ("", "web", "http://localhost:5000/a", "Name: A value is required."),
        ("a", "web", "http://contoso.com/cb", "must start with \"HTTPS\" or \"http://localhost\""),
        ("a", "web", "http://127.0.0.1:5000/cb", "through the manifest only"),
        ("a", "web", &long, "at most 256 are allowed"),
        ("a", "spa", "http://localhost:5000/a;b", "must not contain the character ;"),
        ("a", "", "http://localhost:5000/a", "Platform: Select a platform"),
        ("a", "native", "no address", "Redirect URI: 'no address' must be a valid URL"),
    ];
    for (name, platform, uri, sentence) in cases {
        let page = register(
            &mut guest,
            &[("name", name), ("platform", platform), ("redirect_uri", uri), ("account_types", "AzureADMultipleOrgs")],
        )
        .await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{uri}");
        assert!(summary(&page).contains(sentence), "{uri}: {}", summary(&page));
        assert_eq!(page.values("#name, #redirect_uri, select option[selected]"), [name, "AzureADMultipleOrgs", platform, uri]);
        for link in page.attributes(".summary a", "href") {
            let field = link.trim_start_matches('#');
            assert_eq!(page.texts(&format!("#{field}-mistake")).len(), 1, "{field}");
            assert!(page.attributes(&format!("#{field}"), "aria-describedby")[0].contains(&format!("{field}-mistake")));
        }
    }
    assert_eq!(applications(&idp), []);
    let both = register(&mut guest, &[("name", " "), ("platform", "web"), ("redirect_uri", "ftp://x")]).await;
    assert_eq!(both.texts(".summary li").len(), 2, "all mistakes at once");
}

#[tokio::test]
async fn two_apps_may_have_one_name() {
    let idp = empty_tenant().await;
    let mut guest = PortalGuest::signed_in(&idp, OLGA).await;
    for _ in 0..2 {
        assert_eq!(register(&mut guest, &CLAIMS_PORTAL).await.status, StatusCode::OK);
    }
    let apps = applications(&idp);
    assert!(apps.len() == 2 && apps[0].app_id != apps[1].app_id);
    let list = guest.open("/portal/apps?tab=owned").await;
    assert_eq!(list.texts("tbody th"), ["claims-portal", "claims-portal"]);
}

#[tokio::test]
async fn an_object_id_leads_to_the_app_and_an_unknown_id_to_a_page_that_helps() {
    let idp = empty_tenant().await;
    let (mut guest, overview) = with_app(&idp).await;
    let app = applications(&idp).remove(0);
    let page = guest.open(&format!("/portal/apps/{}/roles?x=1", app.id)).await;
    assert_eq!(page.path(), format!("{overview}/roles?x=1"));
    let principal = idp.edit_directory(TENANT, |directory| directory.service_principal(&app.app_id).expect("made with it").id.clone());
    let page = guest.open(&format!("/portal/apps/{principal}")).await;
    assert!(page.status == 404 && page.html.contains("object ID of an enterprise app") && page.html.contains(&app.app_id));
    for path in ["/portal/apps/nothing", &format!("{overview}/roles/nothing"), &format!("{overview}/authentication/add/nothing")] {
        assert_eq!(guest.open(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_secret_is_shown_once_and_then_only_its_first_characters() {
    let idp = empty_tenant().await;
    let (mut guest, overview) = with_app(&idp).await;
    let form = guest.open(&format!("{overview}/credentials/new-secret")).await;
    let page = guest.send(&form, "/new-secret", &[("description", "dev laptop"), ("expires", "180")]).await;
    let shown = page.texts(".facts .value");
    let (value, secret_id) = (&shown[0], &shown[1]);
    assert!(value.len() == 40 && secret_id.len() == 36, "{shown:?}");
    let kept = applications(&idp).remove(0).password_credentials.remove(0);
    assert!(kept.matches(value) && kept.key_id == *secret_id && kept.display_name.as_deref() == Some("dev laptop"));
    let lifetime = kept.end_date_time.expect("an end") - kept.start_date_time.expect("a start");
    assert_eq!(lifetime.whole_days(), 180);
    for path in [page.path(), format!("{overview}/credentials"), overview.clone(), "/portal/apps".to_owned()] {
        assert!(!guest.open(&path).await.html.contains(value.as_str()), "{path} shows the secret");
    }
    let again = guest.open(&format!("{overview}/credentials")).await;
    assert_eq!(again.texts("tbody td")[1], format!("{}******************", &value[..3]));
    let told = serde_json::to_string(&idp.trace().events()).expect("JSON");
    assert!(!told.contains(value.as_str()), "the trace holds the secret");
    assert!(!idp.edit_directory(TENANT, |directory| directory.to_json()).contains(value.as_str()), "the export holds the secret");
}

#[tokio::test]
async fn a_secret_of_25_months_or_of_the_past_is_refused() {
    let idp = empty_tenant().await;
    let (mut guest, overview) = with_app(&idp).await;
    let form = guest.open(&format!("{overview}/credentials/new-secret")).await;
    let day = |days| (idp.now() + time::Duration::days(days)).date().to_string();
    for (end, sentence) in [(day(761), "at most 24 months"), (day(-1), "End: "), ("soon".to_owned(), "year-month-day")] {
        let fields = [("description", "kept"), ("expires", "custom"), ("start", &day(0)), ("end", &end)];
        let page = guest.send(&form, "/new-secret", &fields).await;
        assert!(page.status == 422 && summary(&page).contains(sentence), "{end}: {}", summary(&page));
        assert_eq!(page.values("#description, #end, select option[selected]"), ["kept", "custom", end.as_str()]);
    }
    assert!(applications(&idp)[0].password_credentials.is_empty());
}

#[tokio::test]
async fn a_deleted_secret_is_gone() {
    let idp = empty_tenant().await;
    let (mut guest, overview) = with_app(&idp).await;
    let form = guest.open(&format!("{overview}/credentials/new-secret")).await;
    let page = guest.send(&form, "/new-secret", &[("expires", "90")]).await;
    let ask = guest.open(&page.attributes("td.act a", "href")[0]).await;
    let page = guest.send(&ask, "/delete", &[]).await;
    assert!(page.html.contains("No client secrets have been created") && applications(&idp)[0].password_credentials.is_empty());
}

#[tokio::test]
async fn redirect_uris_are_added_and_removed_without_a_script_and_saved_at_once() {
    let idp = empty_tenant().await;
    let (mut guest, overview) = with_app(&idp).await;
    let path = format!("{overview}/authentication");
    let page = guest.open(&path).await;
    let page = guest.send(&page, "/authentication", &[("add", "uri_web")]).await;
    assert_eq!(page.values("[name='uri_web']"), ["http://localhost:5000/getAToken", ""]);
    let fields =
        [("uri_web", "http://localhost:5000/getAToken"), ("uri_web", "http://localhost:5001/getAToken"), ("uri_web", ""), ("save", "1")];
    let saved = guest.send(&page, "/authentication", &fields).await;
    assert!(saved.html.contains("differ only by the port"), "a warning, no refusal");
    assert_eq!(applications(&idp)[0].web.redirect_uris, ["http://localhost:5000/getAToken", "http://localhost:5001/getAToken"]);
    let removed = guest.send(&saved, "/authentication", &[("remove", "uri_web:0")]).await;
    assert_eq!(removed.values("[name='uri_web']"), ["http://localhost:5001/getAToken"]);
    assert_eq!(applications(&idp)[0].web.redirect_uris.len(), 2, "not saved yet");
    let fields = [("save", "1"), ("logout_url", "https://localhost:5000/logout"), ("id_tokens", "1"), ("public_client", "yes")];
    guest.send(&removed, "/authentication", &fields).await;
    let app = applications(&idp).remove(0);
    assert_eq!((app.web.redirect_uris.len(), app.web.logout_url.as_deref()), (1, Some("https://localhost:5000/logout")));
    assert!(app.web.implicit_grant_settings.enable_id_token_issuance && !app.web.implicit_grant_settings.enable_access_token_issuance);
    assert_eq!(app.is_fallback_public_client, Some(true));
}

#[tokio::test]
async fn a_wrong_redirect_uri_or_logout_url_is_marked_where_it_stands() {
    let idp = empty_tenant().await;
    let (mut guest, overview) = with_app(&idp).await;
    let page = guest.open(&format!("{overview}/authentication")).await;
    let (good, bad) = ("http://localhost:5000/getAToken", "http://contoso.com/cb");
    for (fields, field) in [
        (vec![("uri_web", good), ("uri_web", bad)], "uri_web-1"),
        (vec![("uri_web", good), ("uri_web", good)], "uri_web-1"),
        (vec![("logout_url", "http://contoso.com/out")], "logout_url"),
    ] {
        let fields: Vec<_> = fields.into_iter().chain([("save", "1")]).collect();
        let page = guest.send(&page, "/authentication", &fields).await;
        assert_eq!((page.status, page.attributes(".summary a", "href")), (StatusCode::UNPROCESSABLE_ENTITY, vec![format!("#{field}")]));
        assert_eq!(page.attributes("[aria-invalid]", "id"), [field]);
    }
    let form = guest.open(&format!("{overview}/authentication/add/web")).await;
    for (uri, sentence) in [("", "Give the address"), (bad, "must start with")] {
        let page = guest.send(&form, "/add/web", &[("redirect_uri", uri)]).await;
        assert!(page.status == 422 && summary(&page).contains(sentence) && page.values("#redirect_uri") == [uri], "{}", summary(&page));
    }
    let page = guest.send(&form, "/add/web", &[("redirect_uri", "https://app.example/cb")]).await;
    assert_eq!(page.values("[name='uri_web']"), [good, "https://app.example/cb"]);
    let form = guest.open(&format!("{overview}/authentication/add/native")).await;
    let page = guest.send(&form, "/add/native", &[("redirect_uri", "http://localhost")]).await;
    assert_eq!(page.values("[name='uri_native']"), ["http://localhost"]);
}

#[tokio::test]
async fn admin_consent_is_an_administrators_and_ends_the_questions() {
    let idp = empty_tenant().await;
    let (mut olga, overview) = with_app(&idp).await;
    let mut ada = PortalGuest::signed_in(&idp, ADA).await;
    let page = ada.open(&format!("{overview}/permissions")).await;
    assert_eq!(page.texts("button[disabled][aria-describedby='why-not']"), ["Grant admin consent for ABC Insurance"]);
    assert!(page.text("#why-not").contains("may not grant admin consent"));
    let ask = ada.open(&format!("{overview}/permissions/consent")).await;
    assert_eq!(ada.send(&ask, "/consent", &[]).await.status, StatusCode::FORBIDDEN);
    let app = applications(&idp).remove(0);
    let granted =
        |idp: &MockIdp| idp.edit_directory(TENANT, |it| it.granted_scopes(&app.app_id, "anybody", "00000003-0000-0000-c000-000000000000"));
    assert!(granted(&idp).is_empty());
    let ask = olga.open(&format!("{overview}/permissions/consent")).await;
    let page = olga.send(&ask, "/consent", &[]).await;
    assert_eq!(page.texts("tbody td").last().map(String::as_str), Some("Granted for ABC Insurance"));
    assert_eq!(granted(&idp), ["User.Read", "email", "offline_access", "openid", "profile"]);
    let ask = olga.open(&format!("{overview}/permissions/revoke")).await;
    olga.send(&ask, "/revoke", &[]).await;
    assert!(granted(&idp).is_empty());
}

#[tokio::test]
async fn permissions_are_ticked_and_one_that_needs_an_administrator_says_so() {
    let idp = empty_tenant().await;
    let (mut guest, overview) = with_app(&idp).await;
    let form = guest.open(&format!("{overview}/permissions/add/graph")).await;
    let user_read = form.values("input[name='delegated'][checked]");
    assert_eq!(user_read.len(), 1, "the portal's own User.Read");
    let read_all = mock_idp::directory::microsoft_graph::delegated("User.Read.All").expect("known").id;
    let page = guest.send(&form, "/add/graph", &[("delegated", &user_read[0]), ("delegated", read_all)]).await;
    assert_eq!(page.texts("tbody th"), ["User.Read", "User.Read.All"]);
    assert_eq!(page.texts("tbody td").last().map(String::as_str), Some("Not granted for ABC Insurance"));
    let form = guest.open(&format!("{overview}/permissions/add/graph")).await;
    let page = guest.send(&form, "/add/graph", &[("delegated", read_all)]).await;
    assert_eq!(page.texts("tbody th"), ["User.Read.All"]);
}

#[tokio::test]
async fn somebody_without_the_right_looks_and_changes_nothing() {
    let idp = empty_tenant().await;
    let (_, overview) = with_app(&idp).await;
    let mut ada = PortalGuest::signed_in(&idp, ADA).await;
    let before = applications(&idp);
    for (path, action) in [
        ("/branding", "/branding"),
        ("/authentication/add/web", "/add/web"),
        ("/credentials/new-secret", "/new-secret"),
        ("/roles/new", "/roles/new"),
        ("/permissions/add/graph", "/add/graph"),
        ("/delete", "/delete"),
    ] {
        let page = ada.open(&format!("{overview}{path}")).await;
        assert!(page.status == 200 && page.text("#why-not").contains("not one of its owners"), "{path}");
        assert_eq!(
            page.attributes("form[action^='/portal/apps/'] button.fill, form[action^='/portal/apps/'] button.danger", "disabled").len(),
            1,
            "{path}"
        );
        let answer = ada.send(&page, action, &[("name", "mine"), ("redirect_uri", "http://localhost/x"), ("expires", "90")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    let page = ada.open(&format!("{overview}/authentication")).await;
    assert_eq!(ada.send(&page, "/authentication", &[("save", "1"), ("id_tokens", "1")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(applications(&idp), before);
    let own = register(&mut ada, &CLAIMS_PORTAL).await;
    assert!(own.status == 200 && own.texts("#why-not").is_empty(), "a member registers apps and manages her own");
}

#[tokio::test]
async fn a_search_narrows_the_list_and_owned_apps_are_ones_own() {
    let idp = empty_tenant().await;
    let (mut guest, _) = with_app(&idp).await;
    register(&mut guest, &[("name", "Payroll")]).await;
    let found = |page: PortalPage| page.texts("tbody th");
    assert_eq!(found(guest.open("/portal/apps?q=PAY").await), ["Payroll"]);
    let app = applications(&idp).remove(0);
    assert_eq!(found(guest.open(&format!("/portal/apps?q={}", app.app_id)).await), ["claims-portal"]);
    assert!(guest.open("/portal/apps?q=%22%3E").await.html.contains("Nothing matches"));
    let mut ada = PortalGuest::signed_in(&idp, ADA).await;
    assert!(found(ada.open("/portal/apps?tab=owned").await).is_empty());
    assert_eq!(found(ada.open("/portal/apps?tab=all").await).len(), 2);
}
