//! U4-09 and U4-11 to U4-14: which ID tokens the app accepts (OIDC Core §3.1.3.7).

use std::time::Duration;

use mock_idp::Fault;

use super::forged_token::{Forgery, Lesson, refuses_all};
use crate::{
    check::{AppUse, Check, Gate, USUAL_LIMIT},
    unit::{Profile, Unit},
};

/// U4-09
pub const NONCE: Check = Check {
    id: "U4-09",
    unit: Unit::SignIn,
    title: "an ID token with a wrong or missing nonce is refused",
    points: 6,
    gate: Some(Gate::Security),
    depends_on: &["U4-06"],
    profile: Profile::Core,
    misconceptions: &["M20"],
    hint: "Keep the nonce beside state in the record of the pending login, and compare it with the claim of the ID token. A missing claim is \
           a wrong one.",
    page: "unit-4/validate-id-token.html#nonce",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(async move { refuses_all(stage, &stage.client(0), NONCE_FORGERIES, NONCE_LESSON).await }),
};

const NONCE_FORGERIES: &[Forgery] = &[
    Forgery { fault: Fault::WrongNonce, flaw: "its nonce is not the one that the app sent", evidence: &["nonce"] },
    Forgery { fault: Fault::MissingNonce, flaw: "it has no nonce, although the app sent one", evidence: &["nonce"] },
];

const NONCE_LESSON: Lesson = Lesson {
    expected: "no session: the nonce of the token is compared with the nonce of this login, and a missing one counts as wrong",
    why: "The nonce is the only thing in the token that belongs to this login. Without it, a token that was issued for the same user and the \
          same app at another time looks just as good (OIDC Core §3.1.3.7, step 11).",
    attack: "A token or a code from another sign-in, stolen or recorded, is brought in here and opens a session as its owner.",
};

/// U4-11
pub const SIGNATURE: Check = Check {
    id: "U4-11",
    unit: Unit::SignIn,
    title: "an ID token that the provider's key did not sign is refused",
    points: 6,
    gate: Some(Gate::Security),
    depends_on: &["U4-06"],
    profile: Profile::Strict,
    misconceptions: &["M13", "M17"],
    hint: "Choose the key by `kid` from the key set of the discovery document, and let the library verify with RS256 only, whatever the header \
           says.",
    page: "unit-4/validate-id-token.html#signature",
    app: AppUse::Shared,
    limit: Duration::from_secs(40),
    run: |stage| Box::pin(async move { refuses_all(stage, &stage.client(0), SIGNATURE_FORGERIES, SIGNATURE_LESSON).await }),
};

const SIGNATURE_FORGERIES: &[Forgery] = &[
    Forgery { fault: Fault::ForeignKey, flaw: "a stranger's key signed it, under the kid of a published key", evidence: &["alg", "kid"] },
    Forgery {
        fault: Fault::UnknownKid,
        flaw: "a stranger's key signed it, under a kid that the key set does not hold; the header brings that key along",
        evidence: &["alg", "kid"],
    },
    Forgery { fault: Fault::AlgNone, flaw: "its header says alg=none, and nobody signed it", evidence: &["alg"] },
    Forgery {
        fault: Fault::Hs256PublicKey,
        flaw: "its header says HS256, and the provider's public key, which everybody knows, was the secret",
        evidence: &["alg", "kid"],
    },
];

const SIGNATURE_LESSON: Lesson = Lesson {
    expected: "no session: the signature is verified with RS256 and a key from the provider's key set",
    why: "Decoding a token only reads what somebody wrote. Verifying tells who wrote it. The header is part of what the attacker writes, so \
          it must not choose the algorithm (RFC 8725 §3.1).",
    attack: "Whoever can bring a token writes what he likes into it: any user, any role.",
};

/// U4-12
pub const AUDIENCE: Check = Check {
    id: "U4-12",
    unit: Unit::SignIn,
    title: "an ID token for another app is refused",
    points: 5,
    gate: Some(Gate::Security),
    depends_on: &["U4-06"],
    profile: Profile::Strict,
    misconceptions: &["M14"],
    hint: "`aud` must be CLIENT_ID. Tell the library which audience you expect; some do not check it unless told.",
    page: "unit-4/validate-id-token.html#audience",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(async move { refuses_all(stage, &stage.client(0), AUDIENCE_FORGERIES, AUDIENCE_LESSON).await }),
};

const AUDIENCE_FORGERIES: &[Forgery] = &[
    Forgery { fault: Fault::WrongAudience, flaw: "its audience is another app", evidence: &["aud"] },
    Forgery { fault: Fault::AudienceList, flaw: "its audience is a list of other apps", evidence: &["aud"] },
];

const AUDIENCE_LESSON: Lesson = Lesson {
    expected: "no session: aud is the client id of this app",
    why: "The same provider signs the tokens of every app of the tenant. aud says for which one (OIDC Core §3.1.3.7, step 3).",
    attack: "The owner of any other app, to which your user signs in, takes the token that he received there and is your user here.",
};

/// U4-13
pub const ISSUER: Check = Check {
    id: "U4-13",
    unit: Unit::SignIn,
    title: "an ID token of another issuer or tenant is refused",
    points: 5,
    gate: Some(Gate::Security),
    depends_on: &["U4-06"],
    profile: Profile::Strict,
    misconceptions: &["M15", "M42"],
    hint: "`iss` must equal the issuer of the discovery document, as a whole text: not by its beginning, and not as a pattern.",
    page: "unit-4/validate-id-token.html#issuer",
    app: AppUse::Shared,
    limit: Duration::from_secs(40),
    run: |stage| Box::pin(async move { refuses_all(stage, &stage.client(0), ISSUER_FORGERIES, ISSUER_LESSON).await }),
};

const ISSUER_FORGERIES: &[Forgery] = &[
    Forgery { fault: Fault::WrongIssuer, flaw: "its issuer is another host", evidence: &["iss"] },
    Forgery { fault: Fault::IssuerLookAlike, flaw: "its issuer only begins like the right one", evidence: &["iss"] },
    Forgery { fault: Fault::IssuerTemplate, flaw: "its issuer holds the literal text {tenantid}", evidence: &["iss"] },
    Forgery { fault: Fault::OtherTenant, flaw: "it comes from another tenant of the same provider", evidence: &["iss", "tid"] },
];

const ISSUER_LESSON: Lesson = Lesson {
    expected: "no session: iss is exactly the issuer that discovery names for AUTHORITY",
    why: "All tenants share the provider's keys, so a right signature does not say from which tenant a token comes. The issuer does \
          (OIDC Core §3.1.3.7, step 2).",
    attack: "An administrator of any other tenant makes a user there, with the roles that he likes, and walks in.",
};

/// U4-14
pub const TIME: Check = Check {
    id: "U4-14",
    unit: Unit::SignIn,
    title: "an ID token that is expired or not yet valid is refused",
    points: 4,
    gate: None,
    depends_on: &["U4-06"],
    profile: Profile::Strict,
    misconceptions: &["M16"],
    hint: "Check `exp` and `nbf`, with at most five minutes of tolerance. Some libraries check `nbf` only when told.",
    page: "unit-4/validate-id-token.html#time",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(async move { refuses_all(stage, &stage.client(0), TIME_FORGERIES, TIME_LESSON).await }),
};

const TIME_FORGERIES: &[Forgery] = &[
    Forgery { fault: Fault::Expired, flaw: "it expired an hour ago", evidence: &["exp"] },
    Forgery { fault: Fault::NotYetValid, flaw: "it is valid only an hour from now", evidence: &["nbf"] },
];

const TIME_LESSON: Lesson = Lesson {
    expected: "no session: now lies between nbf and exp, with a tolerance of five minutes at most",
    why: "A token is a statement about a moment. After it, the user may have left the company (OIDC Core §3.1.3.7, step 9).",
    attack: "A token from an old backup or log opens a session long after it was issued.",
};
