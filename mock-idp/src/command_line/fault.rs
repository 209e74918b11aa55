//! `mock-idp fault`

use clap::Subcommand;
use mock_idp::{Fault, faults::Injection};
use serde_json::Value;

use super::{DataDirFlag, Outcome, UsageError, tenants::running::Running, terminal::say};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: mock-idp fault inject wrongNonce\n\n\
    A fault is a deliberate misbehaviour of the mock that runs: what an app must cope with, or refuse.")]
pub struct FaultCommand {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Lists every fault, and which are in force
    #[command(after_help = "Example: mock-idp fault list")]
    List {
        #[command(flatten)]
        data_dir: DataDirFlag,
    },
    /// Puts a fault in force for the next request that it concerns
    #[command(after_help = "Example: mock-idp fault inject wrongNonce --username ada.adjuster@abc-insurance.example")]
    Inject {
        /// Its name, as `mock-idp fault list` shows it
        #[arg(value_parser = named)]
        fault: Fault,
        /// Only for this person
        #[arg(long, value_name = "UPN")]
        username: Option<String>,
        /// Until it is cleared, not just once
        #[arg(long)]
        always: bool,
        #[command(flatten)]
        data_dir: DataDirFlag,
    },
    /// Takes all faults out of force
    #[command(after_help = "Example: mock-idp fault clear")]
    Clear {
        #[command(flatten)]
        data_dir: DataDirFlag,
    },
}

fn named(text: &str) -> Result<Fault, String> {
    let bare = |name: &str| name.replace(['-', '_'], "").to_ascii_lowercase();
    let found = Fault::ALL.iter().find(|fault| bare(&fault.name()) == bare(text));
    found.copied().ok_or_else(|| "no such fault; `mock-idp fault list` shows all".to_owned())
}

pub async fn run(flags: FaultCommand) -> anyhow::Result<Outcome> {
    match flags.act {
        Act::List { data_dir } => say(&listed(&running(&data_dir).await?.faults().await?)),
        Act::Inject { fault, username, always, data_dir } => {
            let mock = running(&data_dir).await?;
            let injection = if always { fault.always() } else { fault.once() };
            let injection = Injection { username, ..injection };
            mock.inject(&injection).await?;
            say(&format!("In force: {}\n", described(&injection)));
        }
        Act::Clear { data_dir } => {
            running(&data_dir).await?.clear_faults().await?;
            say("No fault is in force.\n");
        }
    }
    Ok(Outcome::Done)
}

async fn running(flag: &DataDirFlag) -> anyhow::Result<Running> {
    match Running::in_data_dir(&flag.data_dir).await? {
        Some(running) => Ok(running),
        None => Err(UsageError(format!("no mock runs with the data directory {}; start one first", flag.data_dir.display())).into()),
    }
}

fn described(injection: &Injection) -> String {
    format!("{}, {}. {}", injection.fault.name(), injection.extent(), injection.fault.sentence())
}

/// All faults with their sentences, and those that are in force.
fn listed(active: &[Value]) -> String {
    let mut text = String::new();
    for fault in Fault::ALL {
        text += &format!("{:<26}{}\n", fault.name(), fault.sentence());
    }
    // A member that only the server knows, such as the id, is of no use here.
    let injection = |it: &Value| {
        let names = ["fault", "times", "appId", "username"];
        let known = names.iter().filter_map(|name| it.get(name).map(|value| ((*name).to_owned(), value.clone())));
        serde_json::from_value::<Injection>(Value::Object(known.collect())).ok()
    };
    let in_force: Vec<String> = active.iter().filter_map(injection).map(|it| described(&it)).collect();
    if in_force.is_empty() {
        return text + "\nNo fault is in force.\n";
    }
    text + "\nIn force:\n" + &in_force.iter().map(|line| format!("  {line}\n")).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_named_in_any_case_and_with_hyphens() {
        for name in ["wrongNonce", "wrong-nonce", "WrongNonce"] {
            assert_eq!(named(name), Ok(Fault::WrongNonce), "{name}");
        }
        assert!(named("wrongNonse").is_err());
    }

    #[test]
    fn what_is_in_force_is_listed_below_all_faults() {
        let text = listed(&[serde_json::json!({ "id": 3, "fault": "missingNonce", "times": null, "username": "ada@abc.example" })]);
        assert!(text.starts_with("wrongNonce                ID token: a nonce that the app never sent.\n"), "{text}");
        let expected =
            "In force:\n  missingNonce, until it is cleared, for ada@abc.example. ID token: no nonce although the app sent one.\n";
        assert!(text.ends_with(expected), "{text}");
        assert!(listed(&[]).ends_with("\nNo fault is in force.\n"));
    }
}
