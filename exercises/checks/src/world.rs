//! What a run of checks plays in: a provider, a tenant with its app registration, people and policies. Everything follows from the
//! seed, so that no app can know a value beforehand and every run can be repeated.

pub mod insurance;
pub mod people;

use mock_idp::{
    Directory, MockIdp,
    directory::{
        Registration,
        application::Application,
        group::Group,
        organization::{Organization, VerifiedDomain},
    },
    random::{Entropy, derived_guid},
    testing::browser::{Browser, Request},
    trace,
};
use serde_json::Map;

use crate::{app_process::AuthorityScheme, unit::Unit};
use insurance::Insurance;
use people::{Casting, Person, Tenant};

/// The roles of the app, by value.
pub mod role {
    /// Sees his or her own policies.
    pub const CLIENT: &str = "Client";
    /// Sees the policies of a region.
    pub const ADJUSTER: &str = "Claims.Adjuster";
    /// Sees figures.
    pub const ANALYST: &str = "Insights.Analyst";
    /// Sees the roles.
    pub const ADMINISTRATOR: &str = "Policy.Admin";
    /// All of them.
    pub const ALL: [&str; 4] = [CLIENT, ADJUSTER, ANALYST, ADMINISTRATOR];
    /// Roles of the registration that the app does not know. They give no right, although one holds the name of a known role and
    /// the others are a part of one.
    pub const UNKNOWN: [&str; 3] = ["Client.Archive", "Insights", "Admin"];
}

/// The group whose members are analysts.
const ANALYSTS_GROUP: &str = "Insights Analysts";

/// The provider and everything that it and the app know.
#[derive(Debug)]
pub struct World {
    seed: u64,
    idp: MockIdp,
    registration: Registration,
    domain: String,
    analysts_group: String,
    insurance: Insurance,
    session_key: String,
    scheme: AuthorityScheme,
    browser: Browser,
}

impl World {
    /// Builds the world of one run.
    ///
    /// # Errors
    /// When the provider cannot start.
    pub async fn build(unit: Unit, seed: u64, scheme: AuthorityScheme) -> anyhow::Result<Self> {
        let text = seed.to_string();
        let tenant_id = derived_guid(&["world", &text, "tenant"]);
        let domain = format!("abc-{}.example", &tenant_id[..6]);
        let analysts_group = derived_guid(&["world", &text, "analysts"]);
        let mut directory = Directory::new(Organization {
            id: tenant_id.clone(),
            display_name: "ABC Insurance".to_owned(),
            verified_domains: vec![VerifiedDomain { name: domain.clone(), is_default: true, other_properties: Map::new() }],
            other_properties: Map::new(),
        });
        directory.groups.push(Group {
            id: analysts_group.clone(),
            display_name: ANALYSTS_GROUP.to_owned(),
            members: Vec::new(),
            other_properties: Map::new(),
        });
        let idp = MockIdp::builder().directory(directory).directory(Directory::fabrikam()).seed(seed).start().await?;

        let entropy = Entropy::seeded(seed);
        let mut application = Application::web("claims-portal", "http://localhost/getAToken").redirect_uri("http://localhost/");
        // Group ids in the token beside the roles: an app that takes one for the other is found out.
        application.group_membership_claims = Some("SecurityGroup".to_owned());
        for role in people::shuffled(&[role::ALL.as_slice(), &role::UNKNOWN].concat(), &entropy) {
            application = application.app_role(role);
        }
        let registration = idp.register(application).await;
        idp.edit_directory(&tenant_id, |directory| directory.assign(&analysts_group, &registration.app_id, role::ANALYST))?;

        let insurance = Insurance::made_up(unit, seed, &tenant_id, &domain, &entropy);
        let browser = Browser::new("http://localhost:1", &[idp.origin(), idp.https_origin()], Some(idp.ca_pem()), idp.clock().clone())?;
        Ok(Self { seed, registration, domain, analysts_group, insurance, session_key: entropy.token(48), scheme, browser, idp })
    }

    /// The seed behind everything.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The provider.
    pub fn idp(&self) -> &MockIdp {
        &self.idp
    }

    /// The app's registration.
    pub fn registration(&self) -> &Registration {
        &self.registration
    }

    /// The tenant id.
    pub fn tenant_id(&self) -> &str {
        &self.registration.tenant_id
    }

    /// Policies and regions.
    pub fn insurance(&self) -> &Insurance {
        &self.insurance
    }

    /// The key that the app gets as `SESSION_KEY`.
    pub fn session_key(&self) -> &str {
        &self.session_key
    }

    /// The provider's origin as the app is told it.
    pub fn provider_origin(&self) -> &str {
        match self.scheme {
            AuthorityScheme::Http => self.idp.origin(),
            AuthorityScheme::Https => self.idp.https_origin(),
        }
    }

    /// The app's `AUTHORITY`.
    pub fn authority(&self) -> String {
        format!("{}/{}", self.provider_origin(), self.tenant_id())
    }

    /// An endpoint of the tenant, `authorize`, `token` or `logout`, as discovery names it.
    pub fn endpoint(&self, name: &str) -> String {
        format!("{}/oauth2/v2.0/{name}", self.authority())
    }

    /// A browser without cookies for the app at this origin.
    pub fn browser(&self, app_origin: &str) -> Browser {
        self.browser.clone().visiting(app_origin).expect("the origin of an app that we started")
    }

    /// Makes a person in the tenant. The same check and number give the same person, whom no fault of an attempt that failed
    /// strikes any more.
    pub fn invite(&self, check_id: &str, number: usize, casting: Casting<'_>) -> Person {
        let person =
            Person::cast(self.seed, check_id, number, Tenant { id: self.tenant_id(), domain: &self.domain }, casting, &self.insurance);
        let faults = self.idp.faults();
        let of_person = faults.list().into_iter().filter(|fault| fault.injection.username.as_deref() == Some(&person.username));
        of_person.for_each(|fault| {
            faults.remove(fault.id);
        });
        self.idp.edit_directory(self.tenant_id(), |directory| {
            person.enter(directory, &self.registration.app_id, &self.analysts_group);
        });
        person
    }

    /// What a message must not show.
    pub fn secrets(&self) -> Vec<String> {
        vec![self.registration.client_secret.clone(), self.session_key.clone()]
    }

    /// The token requests of the sign-in that began with this authorize request. A wrong app may use one `state` for everybody, so
    /// `nonce` and `code_challenge` must be the same as well.
    pub fn token_requests(&self, authorize: &Request) -> Vec<trace::Event> {
        let same = |event: &trace::Event, name: &str| event.request.params.get(name) == authorize.parameter(name).as_ref();
        let mut begun = self.idp.trace().authorize_requests();
        begun.retain(|event| ["state", "nonce", "code_challenge"].iter().all(|name| same(event, name)));
        let flows: Vec<_> = begun.into_iter().filter_map(|event| event.flow_id).collect();
        let of_flow = |event: &trace::Event| event.flow_id.as_ref().is_some_and(|flow| flows.contains(flow));
        self.idp.trace().token_requests().into_iter().filter(of_flow).collect()
    }
}
