//! What a check works with.

use std::{io, path::Path, sync::Arc};

use mock_idp::testing::browser::Browser;

use crate::{
    app_process::{AppCommand, AppProcess, Environment, ports::Ports},
    check::Check,
    redact::KnownSecrets,
    unit::{Profile, Unit},
    verdict::Problem,
    work::{HandedIn, Work},
    world::{World, people::Casting, people::Person},
};

/// The world of the run, the app of this check, and people who exist for this check alone.
#[derive(Debug)]
pub struct Stage {
    check: &'static Check,
    profile: Profile,
    world: Arc<World>,
    work: Arc<Work>,
    ports: Ports,
    app: Option<Arc<AppProcess>>,
    secrets: KnownSecrets,
}

impl Stage {
    /// A stage for one check. `app` is the process that it shares, if it shares one.
    pub(crate) fn new(
        check: &'static Check,
        profile: Profile,
        world: Arc<World>,
        work: Arc<Work>,
        ports: Ports,
        app: Option<Arc<AppProcess>>,
    ) -> Self {
        Self { check, profile, world, work, ports, app, secrets: KnownSecrets::default() }
    }

    /// The same stage, which adds every secret that comes up to this list.
    pub(crate) fn with_secrets(self, secrets: KnownSecrets) -> Self {
        Self { secrets, ..self }
    }

    /// Keeps a secret out of every message: one that the check made. Those of its worlds are kept out anyway.
    pub fn conceal(&self, secret: &str) {
        self.secrets.add([secret.to_owned()]);
    }

    /// The same stage in a world of the check's own, where it may change what all share. No app runs there yet.
    pub(crate) fn in_world(&self, world: World) -> Self {
        self.secrets.add(world.secrets());
        Self {
            check: self.check,
            profile: self.profile,
            world: Arc::new(world),
            work: Arc::clone(&self.work),
            ports: self.ports.clone(),
            app: None,
            secrets: self.secrets.clone(),
        }
    }

    /// How strictly it is judged.
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// The unit.
    pub fn unit(&self) -> Unit {
        self.check.unit
    }

    /// The check, by its id.
    pub fn check_id(&self) -> &'static str {
        self.check.id
    }

    /// A port for a listener of the check's own.
    ///
    /// # Errors
    /// When the system has none.
    pub fn free_port(&self) -> io::Result<u16> {
        self.ports.next()
    }

    /// The world.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The command that starts the app.
    ///
    /// # Panics
    /// In a unit that is graded on files: a mistake of the check.
    pub fn command(&self) -> &AppCommand {
        let Some(command) = self.work.app() else { panic!("{} asks for an app, and its unit is graded on files", self.check.id) };
        command
    }

    /// The files that were handed in.
    ///
    /// # Errors
    /// When only an app was. A check that reads files does not count then.
    pub fn files(&self) -> Result<&HandedIn, Problem> {
        self.work.files().ok_or_else(|| Problem::Inapplicable("only an app was given, and no files with it".to_owned()))
    }

    /// The app that is shared.
    ///
    /// # Panics
    /// In a check that asked for an app of its own: a mistake of the check.
    pub fn app(&self) -> &AppProcess {
        self.app.as_deref().expect("a check with AppUse::Shared is given a running app")
    }

    /// A browser without cookies for the shared app.
    pub fn browser(&self) -> Browser {
        self.browser_for(self.app())
    }

    /// A browser without cookies for this app.
    pub fn browser_for(&self, app: &AppProcess) -> Browser {
        self.world.browser(&app.origin())
    }

    /// The variables of the exercise, all of them right.
    pub fn environment(&self) -> Environment {
        Environment::of(&self.world, self.command().authority)
    }

    /// Starts an app of this check's own and waits until it listens.
    ///
    /// # Errors
    /// When it does not.
    pub async fn start(&self, environment: &Environment) -> Result<AppProcess, Problem> {
        Ok(AppProcess::start(self.command(), environment, &self.ports).await?)
    }

    /// As [`Self::start`], in a folder that several starts share. A command line keeps its own folder.
    ///
    /// # Errors
    /// When it does not.
    pub async fn start_in(&self, folder: &Path, environment: &Environment) -> Result<AppProcess, Problem> {
        let mut command = self.command().clone();
        command.current_dir.get_or_insert_with(|| folder.to_owned());
        Ok(AppProcess::start(&command, environment, &self.ports).await?)
    }

    /// Starts an app of this check's own and does not wait.
    ///
    /// # Errors
    /// When there is no such program.
    pub fn launch(&self, environment: &Environment) -> Result<AppProcess, Problem> {
        Ok(AppProcess::launch(self.command(), environment, &self.ports)?)
    }

    /// Person number `number` of this check. Up to [`crate::world::insurance::OWNERS_PER_CHECK`] they own two policies each.
    pub fn invite(&self, number: usize, casting: Casting<'_>) -> Person {
        self.world.invite(self.check.id, number, casting)
    }

    /// A client of ABC, with the role `Client`.
    pub fn client(&self, number: usize) -> Person {
        self.invite(number, Casting::client())
    }
}
