//! The tokens of a filter. OData 4.01 Part 2, section 2 "Lexical Representations".

use super::parser::SyntaxError;

/// A token, and where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// The place of its first character, from 0.
    pub position: usize,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenKind {
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// `/`
    Slash,
    /// A name, an operator, a number, a date or a GUID.
    Word(String),
    /// What stands between single quotes; two quotes stand for one.
    Text(String),
}

/// Cuts a filter into tokens.
///
/// # Errors
/// [`SyntaxError`] for a string without an end and for a character that no token has.
pub fn tokens(text: &str) -> Result<Vec<Token>, SyntaxError> {
    let mut tokens = Vec::new();
    let mut rest = text.chars().enumerate().peekable();
    while let Some((position, character)) = rest.next() {
        let kind = match character {
            white if white.is_whitespace() => continue,
            '(' => TokenKind::Open,
            ')' => TokenKind::Close,
            ',' => TokenKind::Comma,
            ':' => TokenKind::Colon,
            '/' => TokenKind::Slash,
            '\'' => TokenKind::Text(quoted(&mut rest).ok_or(SyntaxError::UnterminatedText { position })?),
            first if is_of_word(first) => {
                let mut word = String::from(first);
                // The time in a date has colons; a name has none, so that `any(x:x eq 'v')` is three words.
                let has_colons = first.is_ascii_digit();
                while let Some((_, next)) = rest.next_if(|(_, next)| is_of_word(*next) || (has_colons && *next == ':')) {
                    word.push(next);
                }
                TokenKind::Word(word)
            }
            other => return Err(SyntaxError::InvalidCharacter { character: other, position }),
        };
        tokens.push(Token { kind, position });
    }
    Ok(tokens)
}

fn quoted(rest: &mut std::iter::Peekable<impl Iterator<Item = (usize, char)>>) -> Option<String> {
    let mut text = String::new();
    loop {
        match rest.next()?.1 {
            '\'' if rest.next_if(|(_, next)| *next == '\'').is_none() => return Some(text),
            character => text.push(character),
        }
    }
}

fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | '$' | '@' | '+')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Result<Vec<TokenKind>, SyntaxError> {
        tokens(text).map(|tokens| tokens.into_iter().map(|token| token.kind).collect())
    }

    fn word(text: &str) -> TokenKind {
        TokenKind::Word(text.to_owned())
    }

    #[test]
    fn a_doubled_quote_stands_for_one() {
        let expected = [word("surname"), word("eq"), TokenKind::Text("O'Hara".to_owned())];
        assert_eq!(kinds("surname eq 'O''Hara'"), Ok(expected.to_vec()));
        assert_eq!(kinds("''''"), Ok(vec![TokenKind::Text("'".to_owned())]));
    }

    #[test]
    fn a_date_is_one_word_and_a_variable_is_cut_from_its_body() {
        assert_eq!(kinds("2021-11-01T10:00:00Z"), Ok(vec![word("2021-11-01T10:00:00Z")]));
        assert_eq!(kinds("any(x:x"), Ok(vec![word("any"), TokenKind::Open, word("x"), TokenKind::Colon, word("x")]));
    }

    #[test]
    fn a_text_without_an_end_and_a_strange_character_are_refused() {
        assert_eq!(kinds("mail eq 'x"), Err(SyntaxError::UnterminatedText { position: 8 }));
        assert_eq!(kinds("mail # 1"), Err(SyntaxError::InvalidCharacter { character: '#', position: 5 }));
    }
}
