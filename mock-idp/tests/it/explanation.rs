//! The part "In this practice directory" of the error page: what would have been right, and where it is put right.

use scraper::{Html, Selector};

use crate::visitor::{ADA, Arrival, TENANT, Visitor, but, mock_with_app, ordinary};

/// The addresses of the pages on which it can be put right.
fn fixes(page: &Arrival) -> Vec<String> {
    let links = Selector::parse("section.explanation a.onward[href]").expect("a valid selector");
    Html::parse_document(&page.html).select(&links).filter_map(|it| it.value().attr("href").map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_redirect_uri_that_is_not_registered_leads_to_the_authentication_page() {
    let (idp, app) = mock_with_app().await;
    idp.edit_directory(TENANT, |directory| {
        directory.applications.edit_each(|it| {
            it.web.redirect_uris.extend(["http://localhost:5000/getBToken", "https://a.example/", "https://b.example/"].map(str::to_owned));
        });
    });
    let page = Visitor::new(&idp).authorize(TENANT, &but(ordinary(&app), "redirect_uri", "http://localhost:5000/getAtoken")).await;
    assert_eq!(fixes(&page), [format!("/portal/apps/{}/authentication", app.app_id)]);
    assert!(page.html.contains("http://localhost:3000/aadsts/50011.html"), "{}", page.html);
    let nearest = Selector::parse("section.explanation div:first-child > dd").expect("a valid selector");
    let nearest: Vec<String> = Html::parse_document(&page.html).select(&nearest).map(|it| it.text().collect()).collect();
    let expected = ["http://localhost:5000/getAToken", "http://localhost:5000/getBToken", "http://localhost:5000/", "and 2 more"];
    assert_eq!(nearest, expected);
}

#[tokio::test]
async fn an_object_id_sent_as_client_id_is_recognized() {
    let (idp, app) = mock_with_app().await;
    let (object_id, principal_id) = idp.edit_directory(TENANT, |directory| {
        let application = directory.application(&app.app_id).expect("registered").id.clone();
        (application, directory.service_principal(&app.app_id).expect("registered").id.clone())
    });
    for (id, name) in [
        (object_id.as_str(), "This is the Object ID of claims-portal."),
        (&principal_id, "This is the Object ID of the enterprise app claims-portal."),
        (&app.secret_id, "This is the ID of a client secret of claims-portal."),
        (TENANT, "This is a directory (tenant) ID."),
        ("11111111-2222-4333-8444-555555555555", "Send the application (client) ID of an app that is registered in this tenant."),
    ] {
        let page = Visitor::new(&idp).authorize(TENANT, &but(ordinary(&app), "client_id", id)).await;
        assert!(page.html.contains("AADSTS700016") && page.html.contains(name), "{id}: {}", page.html);
        assert_eq!(fixes(&page), ["/portal/apps"]);
    }
    let page = Visitor::new(&idp).authorize("fabrikam.example", &ordinary(&app)).await;
    assert!(page.html.contains("This app is registered in ABC Insurance"), "{}", page.html);
}

#[tokio::test]
async fn an_unknown_tenant_is_compared_with_those_that_exist() {
    let (idp, app) = mock_with_app().await;
    let page = Visitor::new(&idp).authorize("2d4f7a90-1b3c-4e5d-8f60-a1b2c3d4e5f7", &ordinary(&app)).await;
    assert!(page.html.contains("AADSTS90002") && page.html.contains("The first difference is at character 36"), "{}", page.html);
    assert_eq!(fixes(&page), ["/portal"]);
}

#[tokio::test]
async fn who_is_not_assigned_is_led_to_users_and_groups_and_a_disabled_app_to_its_properties() {
    let (idp, app) = mock_with_app().await;
    let set = |required, enabled| {
        idp.edit_directory(TENANT, |directory| {
            let id = directory.service_principal(&app.app_id).expect("registered").id.clone();
            directory.unassign(&directory.user_by_principal_name(ADA).expect("in the seed").id.clone(), &app.app_id);
            directory.service_principals.edit(&id, |it| (it.app_role_assignment_required, it.account_enabled) = (required, enabled));
            id
        })
    };
    let principal = set(true, true);
    let page = Visitor::new(&idp).sign_in(&ordinary(&app), ADA).await;
    assert!(page.html.contains("AADSTS50105"), "{}", page.html);
    assert_eq!(fixes(&page), [format!("/portal/enterprise-apps/{principal}/users-and-groups")]);
    set(false, false);
    let page = Visitor::new(&idp).sign_in(&ordinary(&app), ADA).await;
    assert!(page.html.contains("AADSTS7000112"), "{}", page.html);
    assert_eq!(fixes(&page), [format!("/portal/enterprise-apps/{principal}/properties")]);
}
