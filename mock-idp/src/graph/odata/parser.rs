//! From text to [`Expression`]: OData 4.01 Part 2, section 5.1.1, as far as Graph goes. Operators and functions may be in any case.
//!
//! No text makes the parser panic or recurse without bound: how long a filter may be, and how deep its parentheses, is limited.

use super::{
    expression::{Comparison, Expression, Literal, Path, TextFunction},
    lexer::{Token, TokenKind, tokens},
};
use crate::random::is_guid;

/// How many bytes a filter may have. What HTTP servers take in one line.
const MAX_LENGTH: usize = 16 * 1024;

/// How deep parentheses, `not` and `any` may stand in each other.
const MAX_DEPTH: usize = 50;

/// How many conditions a filter may have.
const MAX_CONDITIONS: usize = 500;

/// Why a text is no filter. The words are those of the OData library that Graph is built with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "`position` is the place of the first wrong character, from 0; the other members name what is there")]
pub enum SyntaxError {
    /// Nothing, or nothing after an operator.
    #[error("Expression expected at position {position}")]
    ExpressionExpected { position: usize },
    /// `'` without a second one.
    #[error("There is an unterminated string literal at position {position}")]
    UnterminatedText { position: usize },
    /// A character that no token has.
    #[error("Syntax error: character '{character}' is not valid at position {position}")]
    InvalidCharacter { character: char, position: usize },
    /// A token where another was needed.
    #[error("Syntax error at position {position}")]
    Unexpected { position: usize },
    /// A parenthesis that is not closed.
    #[error("')' or operator expected at position {position}")]
    CloseExpected { position: usize },
    /// A function that Graph does not have.
    #[error(
        "An unknown function with name '{name}' was found. This may also be a function import or a key lookup on a navigation property, which is not allowed"
    )]
    UnknownFunction { name: String },
    /// A word that is no literal.
    #[error("Unrecognized literal '{literal}' at position {position}")]
    InvalidLiteral { literal: String, position: usize },
    /// Longer or deeper than the limits.
    #[error("Recursion depth exceeded allowed limit")]
    TooDeep,
}

/// Reads a filter.
///
/// # Errors
/// [`SyntaxError`].
pub fn parse(text: &str) -> Result<Expression, SyntaxError> {
    if text.len() > MAX_LENGTH {
        return Err(SyntaxError::TooDeep);
    }
    let mut parser = Parser { tokens: tokens(text)?, next: 0, end: text.chars().count(), conditions: 0 };
    let expression = parser.either(0)?;
    match parser.peek() {
        None => Ok(expression),
        Some(token) => Err(SyntaxError::Unexpected { position: token.position }),
    }
}

struct Parser {
    tokens: Vec<Token>,
    next: usize,
    end: usize,
    conditions: usize,
}

impl Parser {
    fn either(&mut self, depth: usize) -> Result<Expression, SyntaxError> {
        let mut parts = vec![self.all(depth)?];
        while self.take_keyword("or") {
            parts.push(self.all(depth)?);
        }
        Ok(flattened(parts, Expression::Or, |part| match part {
            Expression::Or(inner) => Ok(inner),
            other => Err(other),
        }))
    }

    fn all(&mut self, depth: usize) -> Result<Expression, SyntaxError> {
        let mut parts = vec![self.single(depth)?];
        while self.take_keyword("and") {
            parts.push(self.single(depth)?);
        }
        Ok(flattened(parts, Expression::And, |part| match part {
            Expression::And(inner) => Ok(inner),
            other => Err(other),
        }))
    }

    fn single(&mut self, depth: usize) -> Result<Expression, SyntaxError> {
        self.conditions += 1;
        if depth > MAX_DEPTH || self.conditions > MAX_CONDITIONS {
            return Err(SyntaxError::TooDeep);
        }
        // `not` binds closer than `and` and `or`.
        if self.take_keyword("not") {
            return Ok(Expression::Not(Box::new(self.single(depth + 1)?)));
        }
        if self.take(&TokenKind::Open) {
            let inner = self.either(depth + 1)?;
            self.close()?;
            return Ok(inner);
        }
        self.condition(depth)
    }

    fn condition(&mut self, depth: usize) -> Result<Expression, SyntaxError> {
        let position = self.position();
        let first = self.word().ok_or(SyntaxError::ExpressionExpected { position })?;
        if self.take(&TokenKind::Open) {
            return self.function(&first);
        }
        let mut path = vec![first];
        while self.take(&TokenKind::Slash) {
            let position = self.position();
            let segment = self.word().ok_or(SyntaxError::Unexpected { position })?;
            match segment.to_ascii_lowercase().as_str() {
                // "Currently, it isn't supported in Microsoft Graph."
                "all" if self.take(&TokenKind::Open) => return Err(SyntaxError::UnknownFunction { name: segment }),
                "any" if self.take(&TokenKind::Open) => return self.any(Path(path), depth),
                "$count" => {
                    let (comparison, literal) = self.comparison()?;
                    return Ok(Expression::Count(Path(path), comparison, literal));
                }
                _ => path.push(segment),
            }
        }
        if self.take_keyword("in") {
            return Ok(Expression::In(Path(path), self.literals()?));
        }
        let (comparison, literal) = self.comparison()?;
        Ok(Expression::Compare(Path(path), comparison, literal))
    }

    fn function(&mut self, name: &str) -> Result<Expression, SyntaxError> {
        let known = TextFunction::ALL.into_iter().find(|function| function.name().eq_ignore_ascii_case(name));
        let function = known.ok_or_else(|| SyntaxError::UnknownFunction { name: name.to_owned() })?;
        let path = self.path()?;
        self.expect(&TokenKind::Comma)?;
        let position = self.position();
        let Some(TokenKind::Text(text)) = self.advance() else { return Err(SyntaxError::Unexpected { position }) };
        self.close()?;
        let matches = Expression::Match(function, path, text);
        // `startswith(…) eq true` says the same as `startswith(…)`.
        if !self.take_keyword("eq") {
            return Ok(matches);
        }
        let position = self.position();
        match self.literal()? {
            Literal::Boolean(true) => Ok(matches),
            Literal::Boolean(false) => Ok(Expression::Not(Box::new(matches))),
            _ => Err(SyntaxError::Unexpected { position }),
        }
    }

    fn any(&mut self, path: Path, depth: usize) -> Result<Expression, SyntaxError> {
        let position = self.position();
        let variable = self.word().ok_or(SyntaxError::Unexpected { position })?;
        self.expect(&TokenKind::Colon)?;
        let body = Box::new(self.either(depth + 1)?);
        self.close()?;
        Ok(Expression::Any { path, variable, body })
    }

    fn path(&mut self) -> Result<Path, SyntaxError> {
        let mut names = Vec::new();
        loop {
            let position = self.position();
            names.push(self.word().ok_or(SyntaxError::Unexpected { position })?);
            if !self.take(&TokenKind::Slash) {
                return Ok(Path(names));
            }
        }
    }

    fn comparison(&mut self) -> Result<(Comparison, Literal), SyntaxError> {
        let position = self.position();
        let operator = self.word().ok_or(SyntaxError::Unexpected { position })?;
        let known = Comparison::ALL.into_iter().find(|comparison| comparison.name().eq_ignore_ascii_case(&operator));
        let comparison = known.ok_or(SyntaxError::Unexpected { position })?;
        Ok((comparison, self.literal()?))
    }

    fn literals(&mut self) -> Result<Vec<Literal>, SyntaxError> {
        self.expect(&TokenKind::Open)?;
        let mut literals = vec![self.literal()?];
        while self.take(&TokenKind::Comma) {
            literals.push(self.literal()?);
        }
        self.close()?;
        Ok(literals)
    }

    fn literal(&mut self) -> Result<Literal, SyntaxError> {
        let position = self.position();
        match self.advance() {
            Some(TokenKind::Text(text)) => Ok(Literal::Text(text)),
            Some(TokenKind::Word(word)) => unquoted(&word).ok_or(SyntaxError::InvalidLiteral { literal: word, position }),
            None => Err(SyntaxError::ExpressionExpected { position }),
            Some(_) => Err(SyntaxError::Unexpected { position }),
        }
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    /// Where the next token begins; the length of the text at its end.
    fn position(&self) -> usize {
        self.peek().map_or(self.end, |token| token.position)
    }

    fn advance(&mut self) -> Option<TokenKind> {
        let kind = self.peek()?.kind.clone();
        self.next += 1;
        Some(kind)
    }

    fn word(&mut self) -> Option<String> {
        let TokenKind::Word(word) = &self.peek()?.kind else { return None };
        let word = word.clone();
        self.next += 1;
        Some(word)
    }

    fn take(&mut self, kind: &TokenKind) -> bool {
        let is_next = self.peek().is_some_and(|token| token.kind == *kind);
        self.next += usize::from(is_next);
        is_next
    }

    fn take_keyword(&mut self, keyword: &str) -> bool {
        let is_next = matches!(self.peek(), Some(Token { kind: TokenKind::Word(word), .. }) if word.eq_ignore_ascii_case(keyword));
        self.next += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, kind: &TokenKind) -> Result<(), SyntaxError> {
        let position = self.position();
        if self.take(kind) { Ok(()) } else { Err(SyntaxError::Unexpected { position }) }
    }

    fn close(&mut self) -> Result<(), SyntaxError> {
        let position = self.position();
        if self.take(&TokenKind::Close) { Ok(()) } else { Err(SyntaxError::CloseExpected { position }) }
    }
}

/// One part stands for itself; several stand together, and those that are already of the kind are taken apart.
fn flattened(
    mut parts: Vec<Expression>,
    together: fn(Vec<Expression>) -> Expression,
    apart: fn(Expression) -> Result<Vec<Expression>, Expression>,
) -> Expression {
    if parts.len() == 1 {
        return parts.remove(0);
    }
    let flat = parts.into_iter().flat_map(|part| apart(part).unwrap_or_else(|other| vec![other]));
    together(flat.collect())
}

fn unquoted(word: &str) -> Option<Literal> {
    match word.to_ascii_lowercase().as_str() {
        "null" => return Some(Literal::Null),
        "true" => return Some(Literal::Boolean(true)),
        "false" => return Some(Literal::Boolean(false)),
        _ => {}
    }
    if is_guid(word) {
        return Some(Literal::Guid(word.to_owned()));
    }
    word.parse().map(Literal::Number).ok().or_else(|| super::condition::instant(word).map(|_| Literal::Time(word.to_owned())))
}
