//! Every check of every unit.

pub mod unit_02;
pub mod unit_04;

use crate::check::Check;

/// All checks, in the order of the units. A check depends only on earlier ones.
pub static ALL: &[Check] = &[
    unit_02::project::BUILDS,
    unit_02::health::LISTENS,
    unit_02::health::HEALTHZ,
    unit_02::pages::FRONT_PAGE,
    unit_02::configuration::OBEYS_ENVIRONMENT,
    unit_02::configuration::MISSING_SECRET,
    unit_02::secrets::SECRET_STAYS_INSIDE,
    unit_02::pages::ANONYMOUS,
    unit_02::provider::DISCOVERY,
    unit_02::provider::PROVIDER_DOWN,
    unit_02::headers::HEADERS,
    unit_02::headers::COOKIE,
    unit_02::pages::REFUSALS,
    unit_02::stop::STOPS,
    unit_02::provider::FOREIGN_ISSUER,
    unit_04::authorize_request::ENDPOINT,
    unit_04::authorize_request::SCOPES,
    unit_04::authorize_request::STATE,
    unit_04::authorize_request::NONCE,
    unit_04::authorize_request::PKCE,
    unit_04::sign_in::HONEST,
    unit_04::callback::STATE,
    unit_04::callback::REPLAY,
    unit_04::id_token::NONCE,
    unit_04::redeem::CLIENT_AUTHENTICATION,
    unit_04::id_token::SIGNATURE,
    unit_04::id_token::AUDIENCE,
    unit_04::id_token::ISSUER,
    unit_04::id_token::TIME,
    unit_04::signing_keys::ROTATION,
    unit_04::provider_errors::OTHER_TENANT,
    unit_04::provider_errors::FRIENDLY_ERRORS,
    unit_04::session::SESSION,
    unit_04::return_to::LOCAL_ONLY,
    unit_04::confidentiality::NO_TOKEN_OUTSIDE,
    unit_04::role_matrix::ROLE_MATRIX,
    unit_04::ownership::OWN_POLICIES,
    unit_04::ownership::SAME_PERSON,
    unit_04::ownership::TWO_BROWSERS,
    unit_04::logout::LOGOUT,
];
