//! App registrations and service principals, as they stand in a directory file.

use serde_json::{Map, Value};

use super::{
    Import, Occurrences, credentials,
    reader::{Object, Reference},
    resource_types as graph,
};
use crate::{
    directory::{
        application::{
            ApiApplication, AppRole, Application, ImplicitGrantSettings, OptionalClaim, OptionalClaims, PermissionScope, RedirectUris,
            RequiredResourceAccess, ResourceAccess, SignInAudience, WebPlatform,
        },
        service_principal::ServicePrincipal,
    },
    random::derived_guid,
};

const AUDIENCES: &[(&str, SignInAudience)] = &[
    ("AzureADMyOrg", SignInAudience::AzureADMyOrg),
    ("AzureADMultipleOrgs", SignInAudience::AzureADMultipleOrgs),
    ("AzureADandPersonalMicrosoftAccount", SignInAudience::AzureADandPersonalMicrosoftAccount),
    ("PersonalMicrosoftAccount", SignInAudience::PersonalMicrosoftAccount),
];

/// An application without its owners, and the names of the owners, which can be resolved once everybody is read.
pub(super) fn application(import: &Import<'_>, mut object: Object<'_>, names: &mut Occurrences) -> (Application, Vec<Reference>) {
    let display_name = object.required_text("displayName");
    let occurrence = names.count(&display_name);
    let derived = |kind: &str| derived_guid(&[&import.tenant_id, kind, &display_name, &occurrence]);
    let id = object.guid("id").unwrap_or_else(|| derived("application"));
    let app_id = object.guid("appId").unwrap_or_else(|| derived("appId"));
    let owners = object.references("owners");
    let application = Application {
        id,
        sign_in_audience: object.word("signInAudience", AUDIENCES).unwrap_or(SignInAudience::AzureADMyOrg),
        identifier_uris: object.texts("identifierUris"),
        web: object.object("web").map(web).unwrap_or_default(),
        spa: object.object("spa").map(redirect_uris).unwrap_or_default(),
        public_client: object.object("publicClient").map(redirect_uris).unwrap_or_default(),
        is_fallback_public_client: object.boolean("isFallbackPublicClient"),
        app_roles: app_roles(&mut object, &import.tenant_id, &app_id),
        api: object.object("api").map(|api| self::api(api, &import.tenant_id, &app_id)).unwrap_or_default(),
        required_resource_access: object.objects("requiredResourceAccess").into_iter().map(required_resource_access).collect(),
        optional_claims: object.object("optionalClaims").map(optional_claims),
        group_membership_claims: object.text("groupMembershipClaims"),
        password_credentials: credentials::passwords(import, &mut object, &app_id),
        key_credentials: credentials::keys(import, &mut object, &app_id),
        owners: Vec::new(),
        app_id,
        display_name,
        other_properties: object.rest(graph::APPLICATION),
    };
    (application, owners)
}

fn web(mut object: Object<'_>) -> WebPlatform {
    WebPlatform {
        redirect_uris: object.texts("redirectUris"),
        logout_url: object.text("logoutUrl"),
        implicit_grant_settings: object.object("implicitGrantSettings").map(implicit_grant_settings).unwrap_or_default(),
        other_properties: object.rest(graph::WEB),
    }
}

fn implicit_grant_settings(mut object: Object<'_>) -> ImplicitGrantSettings {
    let settings = ImplicitGrantSettings {
        enable_id_token_issuance: object.boolean("enableIdTokenIssuance").unwrap_or(false),
        enable_access_token_issuance: object.boolean("enableAccessTokenIssuance").unwrap_or(false),
    };
    object.no_more();
    settings
}

fn redirect_uris(mut object: Object<'_>) -> RedirectUris {
    let platform = RedirectUris { redirect_uris: object.texts("redirectUris") };
    object.no_more();
    platform
}

fn app_roles(application: &mut Object<'_>, tenant_id: &str, app_id: &str) -> Vec<AppRole> {
    const MEMBER_TYPES: [&str; 2] = ["User", "Application"];
    let read = |mut role: Object<'_>| {
        let value = role.text("value").filter(|value| !value.is_empty());
        let display_name = role.required_text("displayName");
        let derived = derived_guid(&[tenant_id, "appRole", app_id, value.as_deref().unwrap_or(&display_name)]);
        let allowed_member_types = role.texts("allowedMemberTypes");
        if allowed_member_types.is_empty() || allowed_member_types.iter().any(|it| !MEMBER_TYPES.contains(&it.as_str())) {
            role.wrong("allowedMemberTypes", "must be a list of \"User\", \"Application\" or both");
        }
        AppRole {
            id: role.guid("id").unwrap_or(derived),
            allowed_member_types,
            display_name,
            description: role.text("description").unwrap_or_default(),
            value,
            is_enabled: role.boolean("isEnabled").unwrap_or(true),
            other_properties: role.rest(graph::APP_ROLE),
        }
    };
    application.objects("appRoles").into_iter().map(read).collect()
}

fn api(mut object: Object<'_>, tenant_id: &str, app_id: &str) -> ApiApplication {
    let version = object.number("requestedAccessTokenVersion");
    if version.is_some_and(|version| version != 1 && version != 2) {
        object.wrong("requestedAccessTokenVersion", "must be 1, 2 or null");
    }
    let scopes = object.objects("oauth2PermissionScopes").into_iter();
    ApiApplication {
        requested_access_token_version: version.and_then(|version| u8::try_from(version).ok()),
        oauth2_permission_scopes: scopes.map(|scope| permission_scope(scope, tenant_id, app_id)).collect(),
        other_properties: object.rest(graph::API),
    }
}

fn permission_scope(mut object: Object<'_>, tenant_id: &str, app_id: &str) -> PermissionScope {
    let value = object.required_text("value");
    let derived = derived_guid(&[tenant_id, "permissionScope", app_id, &value]);
    PermissionScope {
        id: object.guid("id").unwrap_or(derived),
        value,
        consent_type: object.word("type", &[("User", "User"), ("Admin", "Admin")]).unwrap_or("User").to_owned(),
        is_enabled: object.boolean("isEnabled").unwrap_or(true),
        other_properties: object.rest(graph::PERMISSION_SCOPE),
    }
}

fn required_resource_access(mut object: Object<'_>) -> RequiredResourceAccess {
    let access = |mut access: Object<'_>| {
        let read = ResourceAccess {
            id: access.required_guid("id"),
            access_type: access.required_word("type", &[("Scope", "Scope"), ("Role", "Role")]).unwrap_or_default().to_owned(),
        };
        access.no_more();
        read
    };
    let required = RequiredResourceAccess {
        resource_app_id: object.required_guid("resourceAppId"),
        resource_access: object.objects("resourceAccess").into_iter().map(access).collect(),
    };
    object.no_more();
    required
}

fn optional_claims(mut object: Object<'_>) -> OptionalClaims {
    let claim =
        |mut claim: Object<'_>| OptionalClaim { name: claim.required_text("name"), other_properties: claim.rest(graph::OPTIONAL_CLAIM) };
    let claims = OptionalClaims {
        id_token: object.objects("idToken").into_iter().map(claim).collect(),
        access_token: object.objects("accessToken").into_iter().map(claim).collect(),
        saml2_token: object.objects("saml2Token").into_iter().map(claim).collect(),
    };
    object.no_more();
    claims
}

pub(super) fn service_principal(import: &Import<'_>, mut object: Object<'_>) -> ServicePrincipal {
    let app_id = object.required_guid("appId");
    let secrets = object.objects("passwordCredentials").into_iter().map(secret_of_service_principal).collect::<Vec<_>>();
    let mut principal = ServicePrincipal {
        id: object.guid("id").unwrap_or_else(|| derived_guid(&[&import.tenant_id, "servicePrincipal", &app_id])),
        app_id,
        app_role_assignment_required: object.boolean("appRoleAssignmentRequired").unwrap_or(false),
        account_enabled: object.boolean("accountEnabled").unwrap_or(true),
        other_properties: object.rest(graph::SERVICE_PRINCIPAL),
    };
    if !secrets.is_empty() {
        principal.other_properties.insert("passwordCredentials".to_owned(), secrets.into());
    }
    principal
}

/// What a file says of a secret that belongs to a service principal. The mock does not act on it, so it must not hold the secret: it
/// would leave with every export.
fn secret_of_service_principal(mut object: Object<'_>) -> Map<String, Value> {
    if object.text("secretText").is_some() {
        object.wrong("secretText", "is not kept at a service principal; write it in passwordCredentials of the application");
    }
    object.rest(graph::PASSWORD_CREDENTIAL)
}
