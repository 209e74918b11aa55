//! `claims-portal`, the registration with which units 4 to 6 begin: what a learner has made by the end of unit 3.

use serde_json::Map;

use crate::{
    directory::{
        Directory,
        application::{AppRole, Application, RequiredResourceAccess, ResourceAccess},
        credential::PasswordCredential,
        entries::Index,
        microsoft_graph::{self, GRAPH_APP_ID},
    },
    random::Entropy,
};

/// The client id of `claims-portal` in the start states.
pub const CLAIMS_PORTAL_APP_ID: &str = "cf9e4f42-04fb-4856-93c7-0a70c92c2150";

/// The id of its secret. Not a secret, and not what an app sends.
pub const CLAIMS_PORTAL_SECRET_ID: &str = "a3d1165a-531a-4dec-81f0-3b05c05c6f96";

const OBJECT_ID: &str = "64403c6a-70d4-4907-babe-ab119dfba360";

/// Where the app is told the outcome of a sign-in, and where it returns to after a sign-out.
const REDIRECT_URIS: [&str; 2] = ["http://localhost:5000/getAToken", "http://localhost:5000/"];

/// Id, value, display name, description.
const ROLES: [(&str, &str, &str, &str); 4] = [
    ("71cc128f-b45b-4900-9ede-424776790f49", "Client", "Client", "Sees the policies that are his or her own"),
    (
        "704540b7-6a01-44ad-ba29-c5c1268ca41b",
        "Claims.Adjuster",
        "Claims adjuster",
        "Sees the policies of the regions that he or she works for",
    ),
    ("0cab9e0c-7015-4b96-9819-e59f32cd0700", "Insights.Analyst", "Insights analyst", "Sees figures about all policies, but no single one"),
    ("e0284275-ec9b-4fde-a99c-648c9c1726bc", "Policy.Admin", "Policy administrator", "Sees which roles there are"),
];

/// Who holds which role: user principal name or group name, role.
const ASSIGNMENTS: [(&str, &str); 8] = [
    ("paul.policy@abc-insurance.example", "Policy.Admin"),
    ("ada.adjuster@abc-insurance.example", "Claims.Adjuster"),
    ("Insights Analysts", "Insights.Analyst"),
    ("dana.both@abc-insurance.example", "Claims.Adjuster"),
    ("dana.both@abc-insurance.example", "Client"),
    ("rita.weiss@abc-insurance.example", "Claims.Adjuster"),
    ("ben.client_mail.example#EXT#@abc-insurance.example", "Client"),
    ("bea.client_post.example#EXT#@abc-insurance.example", "Client"),
];

/// Registers `claims-portal` with `secret`, makes its service principal and assigns its roles.
pub(super) fn register(directory: &mut Directory, secret: &str, entropy: &Entropy) {
    directory.applications.push(application(secret, entropy));
    directory.ensure_service_principal(CLAIMS_PORTAL_APP_ID);
    for (principal, role) in ASSIGNMENTS {
        let user = directory.user_by_principal_name(principal).map(|user| user.id.clone());
        let group = || directory.groups.by(Index::DisplayName, principal).next().map(|group| group.id.clone());
        let id = user.or_else(group).expect("the seed holds everybody named above");
        directory.assign(&id, CLAIMS_PORTAL_APP_ID, role).expect("the application defines every role named above");
    }
}

fn application(secret: &str, entropy: &Entropy) -> Application {
    let user_read = microsoft_graph::delegated("User.Read").expect("Graph has this permission").id;
    let mut application = Application::web("claims-portal", REDIRECT_URIS[0]).redirect_uri(REDIRECT_URIS[1]);
    application.id = OBJECT_ID.to_owned();
    application.app_id = CLAIMS_PORTAL_APP_ID.to_owned();
    application.app_roles = ROLES.map(app_role).into();
    application.required_resource_access = vec![RequiredResourceAccess {
        resource_app_id: GRAPH_APP_ID.to_owned(),
        resource_access: vec![ResourceAccess { id: user_read.to_owned(), access_type: "Scope".to_owned() }],
    }];
    let display_name = Some("practice".to_owned());
    application.password_credentials =
        vec![PasswordCredential::of_secret(secret, CLAIMS_PORTAL_SECRET_ID.to_owned(), display_name, entropy)];
    application
}

fn app_role((id, value, display_name, description): (&str, &str, &str, &str)) -> AppRole {
    AppRole {
        id: id.to_owned(),
        allowed_member_types: vec!["User".to_owned()],
        display_name: display_name.to_owned(),
        description: description.to_owned(),
        value: Some(value.to_owned()),
        is_enabled: true,
        other_properties: Map::new(),
    }
}
