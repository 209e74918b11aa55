//! What the two files of this unit mean, in words. Nothing here is graded: the files are.

pub mod flow;
pub mod policy;

/// Names the lines that still say TODO, outside of comments.
fn filled_in(name: &str, text: &str) -> anyhow::Result<()> {
    let waits = |line: &str| line.split('#').next().is_some_and(|values| values.contains("TODO"));
    let lines: Vec<String> = text.lines().enumerate().filter(|(_, line)| waits(line)).map(|(place, _)| (place + 1).to_string()).collect();
    anyhow::ensure!(
        lines.is_empty(),
        "{name}: TODO stands in line {}. Write one of the values that the comment above the line lists.",
        lines.join(", ")
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_wait_are_named_and_comments_do_not_count() {
        let said = filled_in("src/policy.toml", "a = 1 # TODO: Step 1\nb = \"TODO\"\nc = [\"TODO\", 1]\n").unwrap_err().to_string();
        assert!(said.starts_with("src/policy.toml: TODO stands in line 2, 3. Write one of"), "{said}");
    }

    #[test]
    fn a_wrong_value_is_named_with_its_line_and_the_remedy() {
        let policy = format!("{:#}", policy::summary("[sign-in]\nemployee = \"yes\"\n").unwrap_err());
        for part in ["src/policy.toml", "line 2", "`yes`", "`accept`"] {
            assert!(policy.contains(part), "{part}: {policy}");
        }
        let flow = format!("{:#}", flow::summary("order = [\n  \"open-door\",\n]\n").unwrap_err());
        for part in ["src/flow.toml", "line 2", "`open-door`", "`open-page`"] {
            assert!(flow.contains(part), "{part}: {flow}");
        }
    }
}
