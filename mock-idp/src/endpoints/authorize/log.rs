//! The row that a request at `/authorize` leaves in the sign-in log.

use super::{Visit, decide::Situation};
use crate::{
    directory::{application::Application, user::User},
    endpoints::path_tenant::PathTenant,
    oauth::{error::ProtocolError, parameters::Parameters, prompt::Prompt},
    sign_in_log::SignIn,
    tokens::issue::Resource,
};

/// What is known so far of a sign-in that will have a row.
pub(super) struct Attempt<'a> {
    visit: Visit<'a>,
    tenant_id: Option<String>,
    app_id: &'a str,
    application: Option<Application>,
    resources: &'a [(String, Resource)],
    user: Option<User>,
    is_interactive: bool,
}

impl<'a> Attempt<'a> {
    /// A request for this tenant. At `common` and the like the log is that of the app's tenant until the user is known.
    pub(super) fn begin(visit: Visit<'a>, tenant: &PathTenant, parameters: &'a Parameters) -> Self {
        let app_id = parameters.first("client_id").unwrap_or_default();
        let home = || visit.state.tenants.all().iter().find(|it| it.application(app_id).is_some()).map(|it| it.tenant_id().to_owned());
        Self {
            visit,
            tenant_id: tenant.directory().map(|directory| directory.tenant_id().to_owned()).or_else(home),
            app_id,
            application: tenant.application(app_id, &visit.state.tenants).ok(),
            resources: &[],
            user: None,
            // Without a page nobody signs in: an app renews what it has. Entra keeps such sign-ins in another log.
            is_interactive: parameters.first("prompt").map(Prompt::parse) != Some(Ok(Prompt::None)),
        }
    }

    /// The same, with the account that the request is for, if there is one by now.
    pub(super) fn at(self, situation: Situation<'a>) -> Self {
        let account = situation.account();
        let directory = account.and_then(|account| situation.tenants.find(&account.tenant_id));
        let user = directory.as_ref().and_then(|directory| directory.user(&account?.user_id).cloned());
        let here = situation.tenant.directory().map(|directory| directory.tenant_id().to_owned());
        let home = user.as_ref().and(account).map(|account| account.tenant_id.clone());
        Self {
            tenant_id: here.or(home).or(self.tenant_id),
            application: Some(situation.client.application.clone()),
            resources: &situation.request.resources,
            user,
            ..self
        }
    }

    /// Writes the row.
    pub(super) fn ends(&self, outcome: Result<(), &ProtocolError>) {
        let Some(tenant_id) = self.tenant_id.as_deref().filter(|_| self.is_interactive) else { return };
        let row = SignIn::new(self.visit.context, tenant_id, self.app_id, outcome);
        let row = row.to(self.application.as_ref()).by(self.user.as_ref()).for_api(self.resources);
        self.visit.state.sign_in_log.record(row);
    }
}
