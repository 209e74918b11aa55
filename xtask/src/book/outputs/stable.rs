//! What differs from run to run in an output, replaced by what does not.

/// The app that is judged listens on a free port. The reader's own app listens on this one.
const SHOWN_PORT: &str = "5000";
/// The checks take their ports from here on. The numbers of the practice environment are shorter, and stay.
const DIGITS_OF_A_FREE_PORT: usize = 5;

/// The output with the ports and times of the book, without spaces at the ends of its lines.
pub fn text(output: &str) -> String {
    let output = output.replace("\r\n", "\n");
    output.lines().map(|line| line_of(line.trim_end()) + "\n").collect()
}

fn line_of(line: &str) -> String {
    let with_ports = ["localhost:", "127.0.0.1:", "port "].iter().fold(line.to_owned(), |line, before| with_port(&line, before));
    without_seconds(&with_ports)
}

/// Every free port behind these letters becomes the one that is shown.
fn with_port(line: &str, before: &str) -> String {
    let mut pieces = line.split(before);
    let mut shown = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let digits = piece.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(piece.len());
        let port = if digits == DIGITS_OF_A_FREE_PORT { SHOWN_PORT } else { &piece[..digits] };
        shown += &format!("{before}{port}{}", &piece[digits..]);
    }
    shown
}

/// The last line of a test tells how long the printing of its results took.
fn without_seconds(line: &str) -> String {
    match line.split_once("; finished in ") {
        Some((result, seconds)) if seconds.ends_with('s') => result.to_owned(),
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_ports_and_times_are_those_of_the_book() {
        let output = "GET http://localhost:26819/me answered 501, see http://localhost:3000/unit-2/x.html  \r\n\
                      listened on port 20153\ntest result: ok. 1 passed; 0 filtered out; finished in 0.01s\n";
        assert_eq!(
            text(output),
            "GET http://localhost:5000/me answered 501, see http://localhost:3000/unit-2/x.html\n\
             listened on port 5000\ntest result: ok. 1 passed; 0 filtered out\n"
        );
    }
}
