//! The page of the book that tells how the grader was tested and what came of it: `book/src/appendix/grader-proof.md`. Written by the command from a
//! whole run, and never by hand.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail};
use unit_checks::{Unit, checks};

use super::{
    comparison::{Mutant, problems},
    figures::Share,
    report::{Coverage, Matrix},
    wrong_submission::WrongSubmission,
};

use crate::html_table::{cells, code, html, table};

pub const PATH: &str = "book/src/appendix/grader-proof.md";

/// On what the run took place.
#[derive(Debug)]
pub struct Machine {
    pub cores: usize,
    pub system: String,
    /// Works at the same time.
    pub jobs: usize,
}

impl Machine {
    pub fn this_one(jobs: usize) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { cores, system: format!("{} on {}", std::env::consts::OS, std::env::consts::ARCH), jobs }
    }
}

/// Writes the page.
///
/// # Errors
/// When the run does not tell about all wrong submissions.
pub fn write(root: &Path, matrix: &Matrix, machine: &Machine) -> Result<()> {
    assert_complete(matrix)?;
    let misconceptions = crate::map::misconceptions(root)?;
    let file = root.join(PATH);
    fs::create_dir_all(file.parent().unwrap_or(root)).with_context(|| format!("cannot make the folder of {}", file.display()))?;
    fs::write(&file, render(matrix, machine, &misconceptions)).with_context(|| format!("cannot write {}", file.display()))
}

fn assert_complete(matrix: &Matrix) -> Result<()> {
    if matrix.coverage != Coverage::Whole {
        bail!("no page is written from a part of the wrong submissions; leave --unit and --only out");
    }
    let broken: Vec<&str> = matrix.mutants.iter().filter(|mutant| mutant.error.is_some()).map(|mutant| mutant.id.as_str()).collect();
    if !broken.is_empty() {
        bail!("no page is written: these wrong submissions could not be judged: {}", broken.join(", "));
    }
    if matrix.right.is_empty() {
        bail!("no page is written: no right work was judged");
    }
    Ok(())
}

fn render(matrix: &Matrix, machine: &Machine, misconceptions: &BTreeMap<String, String>) -> String {
    let mut page = BEGINNING.replace("{when}", &when(matrix)).replace("{machine}", &words_for(machine));
    page += &figures(matrix);
    page += &right_works(matrix);
    page += &off(matrix);
    for unit in Unit::ALL {
        page += &of_unit(matrix, unit, misconceptions);
    }
    page + LIMITS
}

const BEGINNING: &str = "\
# How the grader is tested

<!-- minutes: 5 -->
<!-- Written by `cargo xtask kill-matrix --page`. Do not edit it: change the wrong submissions, then run the command again. -->

You will know how far you can trust a verdict of the checks, and how this was found out.

## Two ways to be wrong {#two-ways}

A grader can be wrong in two ways. It can accept an app that is wrong: then you believe that your app is safe, and it is not. Or it can refuse an
app that is right: then you look for a mistake that is not there. Both were tried.

- **Wrong submissions** are the solutions of this course with a small change each. The change shows one misconception, for example an app that
  does not compare the nonce. Each wrong submission names the check that must fail. That check *kills* it. No check that has nothing to do with
  the mistake may fail.
- **Right works** must pass every check. They are the solutions, each with many seeds (other names, ids, ports and policy numbers each time), and
  apps that do the same in another style, with other crates.

Each wrong submission and each seed was judged as your own work is judged: the app runs as a program of its own, and is visited. Whatever did not
end as it should was judged once more with nothing beside it, because a busy machine can make any app slow. The second verdict counts.

Judged {when}, {machine}.

";

const LIMITS: &str = "\
## What this does not prove {#limits}

- The wrong submissions hold the mistakes that somebody thought of. All of them being caught does not mean that every wrong app is caught.
- They were written by the people who wrote the checks. A mistake that nobody there knows is in neither.
- Each holds one mistake. An app with many mistakes may have one that hides another, until the first is corrected.
- Many seeds of one solution show that the checks are steady. Whether they accept other right apps is shown by the apps in another style only,
  and these are few.
- A wrong submission that failed as named was judged once, beside others. That a busy machine alone made its check fail is unlikely, since the right
  works were judged in the same way; with `--jobs 1` it cannot happen.
- The bound for flakes takes each run as independent of the others, and was found on one machine. On a much slower one a time limit can strike.
- The practice provider plays Entra ID by its published documents. Where Entra ID does something else, no run here can show it.

You can repeat all of it: `cargo xtask kill-matrix --page --seeds 200` judges everything that has changed and writes this page anew.
";

fn when(matrix: &Matrix) -> String {
    match &matrix.judged {
        Some((first, last)) if first == last => format!("on {last}"),
        Some((first, last)) => format!("from {first} to {last}"),
        None => "never".to_owned(),
    }
}

fn words_for(machine: &Machine) -> String {
    let Machine { cores, system, jobs } = machine;
    format!("on a machine with {} ({system}), {jobs} at a time", crate::terminal::count(*cores, "core"))
}

fn figures(matrix: &Matrix) -> String {
    let figures = &matrix.figures;
    let share = |share: &Share| [share.percent(), format!("{} of {}", share.count, share.of)];
    let [sensitivity, killed] = share(&figures.sensitivity);
    let [specificity, passed] = share(&figures.specificity);
    let (runs, idle) = (figures.specificity.of, &figures.checks_without_a_kill);
    let rows = [
        ["Sensitivity", &sensitivity, &format!("{killed} wrong submissions"), "are killed by the check that they name"],
        ["Specificity", &specificity, &format!("{passed} runs of right works"), "pass every check"],
        [
            "Unrelated failures",
            &figures.unrelated_failures.to_string(),
            &format!("in {} wrong submissions", matrix.mutants.len()),
            "are failures of a check that has nothing to do with the mistake",
        ],
        [
            "Checks without a kill",
            &if idle.is_empty() { "0".to_owned() } else { idle.join(", ") },
            &format!("of {} checks", matrix.checks.len()),
            "fail in no wrong submission, so nothing shows that they can fail",
        ],
        [
            "Flakes",
            &figures.passed_only_alone.to_string(),
            &format!("of {runs} runs of right works"),
            "failed beside others and passed alone, with the same seed",
        ],
    ];
    let mut text = "## The figures {#figures}\n\n".to_owned();
    text += &table("What was counted", &["figure", "result", "counted from", "these"], rows.map(|row| row.map(html).to_vec()));
    let rule = if figures.passed_only_alone == 0 && figures.specificity.count == runs {
        " This follows from the *rule of three*: if something did not happen in n runs, then its rate is hardly more than 3 divided by n."
    } else {
        ""
    };
    text +=
        &format!("\nHow often may a right app get a wrong verdict by chance? From {runs} runs: {}.{rule}\n\n", figures.flake_sentence());
    text
}

fn right_works(matrix: &Matrix) -> String {
    let row = |it: &super::report::RightWork| {
        vec![code(&it.id), html(unit_number(&it.unit)), it.runs.to_string(), it.passed.to_string(), it.passed_only_alone.to_string()]
    };
    let mut text = "## The right works {#right-works}\n\n".to_owned();
    text += &table("Right works", &["work", "as unit", "runs", "passed", "of these only alone"], matrix.right.iter().map(row));
    if let Some(reason) = &matrix.skipped {
        text += &format!("\nThe apps in another style were not judged here: {}.\n", html(reason));
    }
    text + "\n"
}

/// What is not as it should be. A page that is silent about it would be worth nothing.
fn off(matrix: &Matrix) -> String {
    let of_mutants = matrix.mutants.iter().flat_map(|mutant| problems(mutant).into_iter().map(|it| format!("`{}`: {it}", mutant.id)));
    let off: Vec<String> = of_mutants.chain(matrix.reference.failed.iter().cloned()).map(|it| format!("- {it}\n")).collect();
    if off.is_empty() { String::new() } else { format!("## What is not as it should be {{#off}}\n\n{}\n", off.concat()) }
}

fn of_unit(matrix: &Matrix, unit: Unit, misconceptions: &BTreeMap<String, String>) -> String {
    let mutants: Vec<&Mutant> = matrix.mutants.iter().filter(|mutant| mutant.unit == unit.number()).collect();
    if mutants.is_empty() {
        return String::new();
    }
    let number = unit_number(unit.number());
    let mut text = format!("## Unit {number}: {} {{#unit-{number}}}\n\n", unit.title());
    let columns = ["wrong submission", "what is wrong", "misconception", "named check", "also must fail", "killed"];
    let row = |mutant: &&Mutant| {
        let name = misconceptions.get(&mutant.misconception).map(String::as_str).unwrap_or_default();
        let mut cells = told(&mutant.id, &mutant.says, &mutant.misconception, name, &mutant.expected[0], &mutant.also);
        cells.push(if mutant.is_killed() { "yes" } else { "no" }.to_owned());
        cells
    };
    text += &table(&format!("Wrong submissions of unit {number}"), &columns, mutants.iter().map(row));
    text.push('\n');
    let of_unit = matrix.checks.iter().filter_map(|row| Some((row, checks::ALL.iter().find(|it| it.id == row.id && it.unit == unit)?)));
    let rows = of_unit.map(|(row, check)| vec![html(&row.id), html(check.title), row.kills.len().to_string()]);
    text += &table(&format!("Checks of unit {number}"), &["check", "what holds when it passes", "wrong submissions that fail it"], rows);
    text + "\n"
}

/// The cells that repeat what the file of a wrong submission says.
fn told(id: &str, says: &str, misconception: &str, its_name: &str, check: &str, also: &[String]) -> Vec<String> {
    let also = if also.is_empty() { "none".to_owned() } else { also.join(", ") };
    vec![code(id), html(says), html(format!("{misconception} {its_name}").trim()), html(check), html(&also)]
}

/// What is wrong with the page that lies here, measured by the wrong submissions that there are. A page that was never written is no lie.
pub fn drift(root: &Path, submissions: &[WrongSubmission]) -> Result<Vec<String>> {
    let Ok(page) = fs::read_to_string(root.join(PATH)) else { return Ok(Vec::new()) };
    let misconceptions = crate::map::misconceptions(root)?;
    Ok(differences(&page, submissions, &misconceptions))
}

fn differences(page: &str, submissions: &[WrongSubmission], misconceptions: &BTreeMap<String, String>) -> Vec<String> {
    let sections = || page.split("\n## Unit ").skip(1).filter_map(|section| section.split("</table>").next());
    let rows: Vec<&str> = sections().flat_map(|table| table.lines().filter(|line| line.starts_with(ROW))).collect();
    let name_of = |row: &str| row.strip_prefix(ROW).and_then(|rest| rest.split("</code>").next()).map(str::to_owned);
    let mut found = Vec::new();
    for WrongSubmission { name, says, recipe, .. } in submissions {
        let its_name = misconceptions.get(&recipe.misconception).map(String::as_str).unwrap_or_default();
        let expected = cells(&told(name, says, &recipe.misconception, its_name, &recipe.check, &recipe.also));
        match rows.iter().find(|row| name_of(row).as_ref() == Some(name)) {
            None => found.push(format!("does not list the wrong submission `{name}`")),
            Some(row) if !row.starts_with(&format!("<tr>{expected}")) => {
                found.push(format!("says something else about `{name}` than its file"))
            }
            Some(_) => {}
        }
    }
    let is_there = |name: &String| submissions.iter().any(|submission| submission.name == *name);
    found.extend(
        rows.iter().filter_map(|row| name_of(row)).filter(|name| !is_there(name)).map(|name| format!("lists `{name}`, which is no more")),
    );
    found
}

const ROW: &str = "<tr><th scope=\"row\"><code>";

fn unit_number(number: &str) -> String {
    number.trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests;
