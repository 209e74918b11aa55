//! How Graph's search cuts a text into words: at spaces, where a capital follows a small letter, between letters and digits, and at
//! symbols, which are words themselves. Words with nothing but symbols between them are found as one word, too.
//! Microsoft Graph, "Use the $search query parameter", section "Using $search on directory object collections".

/// The words that a search asks for, in lower case.
pub fn searched(text: &str) -> Vec<String> {
    text.split_whitespace().flat_map(|run| cut(run).into_iter().map(|word| word.text)).collect()
}

/// Whether a text has a word that begins like each of the words searched for.
pub fn has_all(text: &str, searched: &[String]) -> bool {
    let found = found(text);
    searched.iter().all(|word| found.iter().any(|candidate| candidate.starts_with(word.as_str())))
}

/// The words by which a text is found.
fn found(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for run in text.split_whitespace() {
        let words = cut(run);
        for (place, word) in words.iter().enumerate() {
            if word.kind != Class::Symbol && (place == 0 || words[place - 1].kind == Class::Symbol) {
                let rest = words[place..].iter().filter(|word| word.kind != Class::Symbol);
                found.push(rest.map(|word| word.text.as_str()).collect());
            }
        }
        found.extend(words.into_iter().map(|word| word.text));
    }
    found
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    Symbol,
}

struct Word {
    kind: Class,
    text: String,
}

/// Cuts what stands between two spaces.
fn cut(run: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut before = None;
    for character in run.chars() {
        let kind = class(character);
        let rises = before.is_some_and(char::is_lowercase) && character.is_uppercase();
        let lower = character.to_lowercase();
        match words.last_mut() {
            Some(last) if last.kind == kind && kind != Class::Symbol && !rises => last.text.extend(lower),
            _ => words.push(Word { kind, text: lower.collect() }),
        }
        before = Some(character);
    }
    words
}

fn class(character: char) -> Class {
    if character.is_numeric() {
        Class::Digit
    } else if character.is_alphabetic() {
        Class::Letter
    } else {
        Class::Symbol
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_examples_are_cut_as_they_say() {
        for (text, words) in [
            ("hello world", vec!["hello", "world"]),
            ("HelloWorld", vec!["hello", "world"]),
            ("helloWORLD", vec!["hello", "world"]),
            ("hello123world", vec!["hello", "123", "world"]),
            ("HELLOworld", vec!["helloworld"]),
            ("HelloWORld", vec!["hello", "world"]),
        ] {
            assert_eq!(searched(text), words, "{text}");
        }
        for word in ["hello", ".", "world", "helloworld"] {
            assert!(found("hello.world").contains(&word.to_owned()), "{word}");
        }
    }

    #[test]
    fn words_are_found_in_any_order_and_by_their_beginning() {
        for search in ["李四(David Li)", "李四", "David", "Li", "David)", "(李四", "Li 李", "da"] {
            assert!(has_all("李四(David Li)", &searched(search)), "{search}");
        }
        assert!(!has_all("李四(David Li)", &searched("avid")));
        assert!(has_all("hello-world", &searched("helloworld")));
    }
}
