//! "did you mean …?": the known word that an unknown one was probably meant to be.

/// `; did you mean 'redirectUris'?` if one of `known` is close to `word`, else nothing. Made to follow a sentence about an unknown word.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, known).map(|near| format!("; did you mean '{near}'?")).unwrap_or_default()
}

/// The one of `known` that is closest to `word`, if it is close: at most a third of the letters differ.
fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A word of any length can come in over the network; the comparison takes time in the product of the lengths.
    const LONGEST: usize = 128;
    let length = word.chars().count();
    if length == 0 || length > LONGEST {
        return None;
    }
    let lower = word.to_lowercase();
    known
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= length / 3)
        .map(|candidate| (edits(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(edits, _)| *edits <= length / 3)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// How many letters must be added, taken away or replaced to make `right` of `left` (Levenshtein's distance).
fn edits(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (above, letter) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (column, other) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_letter_is_found() {
        assert_eq!(did_you_mean("redirectUri", ["logoutUrl", "redirectUris"]), "; did you mean 'redirectUris'?");
    }

    #[test]
    fn the_wrong_case_is_found_before_another_word() {
        assert_eq!(nearest("displayname", ["displayNames", "displayName"]), Some("displayName"));
    }

    #[test]
    fn a_word_that_is_like_none_gets_no_suggestion() {
        assert_eq!(did_you_mean("colour", ["displayName", "mail"]), "");
        assert_eq!(did_you_mean("", ["id"]), "");
        assert_eq!(did_you_mean(&"x".repeat(100_000), ["id"]), "");
    }
}
