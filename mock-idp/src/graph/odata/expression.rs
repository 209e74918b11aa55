//! A filter as a tree. Its printed form is a filter again.

use std::fmt::{self, Display, Formatter};

/// What a `$filter` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// All of these: two or more, none of them an `And`.
    And(Vec<Expression>),
    /// At least one of these: two or more, none of them an `Or`.
    Or(Vec<Expression>),
    /// Not this.
    Not(Box<Expression>),
    /// `displayName eq 'Ada'`
    Compare(Path, Comparison, Literal),
    /// `assignedLicenses/$count eq 0`
    Count(Path, Comparison, Literal),
    /// `displayName in ('Ada', 'Ben')`
    In(Path, Vec<Literal>),
    /// `startswith(displayName, 'A')`
    Match(TextFunction, Path, String),
    /// `groupTypes/any(t:t eq 'Unified')`
    Any {
        /// The collection.
        path: Path,
        /// The name of an element in the body.
        variable: String,
        /// What one element must meet.
        body: Box<Expression>,
    },
}

/// Names with slashes between them: `web/redirectUris`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path(pub Vec<String>);

/// An operator between a property and a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "OData 4.01 Part 2, section 5.1.1.1 defines them")]
pub enum Comparison {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

/// A function of a property and a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "OData 4.01 Part 2, section 5.1.1.7 defines them")]
pub enum TextFunction {
    StartsWith,
    EndsWith,
    Contains,
}

/// A value as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// `'text'`
    Text(String),
    /// `42`
    Number(i64),
    /// A GUID without quotes.
    Guid(String),
    /// `2021-11-01T00:00:00Z` or `2021-11-01`, as it was written.
    Time(String),
}

impl Comparison {
    /// All operators.
    pub const ALL: [Self; 6] = [Self::Eq, Self::Ne, Self::Gt, Self::Ge, Self::Lt, Self::Le];

    /// The operator's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
        }
    }
}

impl TextFunction {
    /// All functions.
    pub const ALL: [Self; 3] = [Self::StartsWith, Self::EndsWith, Self::Contains];

    /// The function's name, spelled as Graph's messages spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::StartsWith => "startsWith",
            Self::EndsWith => "endsWith",
            Self::Contains => "contains",
        }
    }
}

impl Display for Expression {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(parts) => joined(out, parts, " and ", |part| matches!(part, Self::Or(_) | Self::And(_))),
            Self::Or(parts) => joined(out, parts, " or ", |part| matches!(part, Self::Or(_))),
            Self::Not(inner) => write!(out, "not({inner})"),
            Self::Compare(path, comparison, literal) => write!(out, "{path} {} {literal}", comparison.name()),
            Self::Count(path, comparison, literal) => write!(out, "{path}/$count {} {literal}", comparison.name()),
            Self::In(path, literals) => {
                write!(out, "{path} in (")?;
                for (place, literal) in literals.iter().enumerate() {
                    write!(out, "{}{literal}", if place == 0 { "" } else { ", " })?;
                }
                out.write_str(")")
            }
            Self::Match(function, path, text) => write!(out, "{}({path}, {})", function.name(), Quoted(text)),
            Self::Any { path, variable, body } => write!(out, "{path}/any({variable}:{body})"),
        }
    }
}

fn joined(out: &mut Formatter<'_>, parts: &[Expression], between: &str, needs_parentheses: fn(&Expression) -> bool) -> fmt::Result {
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            out.write_str(between)?;
        }
        if needs_parentheses(part) { write!(out, "({part})")? } else { write!(out, "{part}")? }
    }
    Ok(())
}

struct Quoted<'a>(&'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "'{}'", self.0.replace('\'', "''"))
    }
}

impl Display for Path {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.join("/"))
    }
}

impl Display for Literal {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => out.write_str("null"),
            Self::Boolean(value) => write!(out, "{value}"),
            Self::Text(text) => write!(out, "{}", Quoted(text)),
            Self::Number(number) => write!(out, "{number}"),
            Self::Guid(text) | Self::Time(text) => out.write_str(text),
        }
    }
}
