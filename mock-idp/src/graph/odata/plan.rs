//! From what a filter says to what Graph can answer: names are looked up, operators and values judged.

use super::{
    condition::{Condition, Constant, Test, instant},
    expression::{Comparison, Expression, Literal, Path, TextFunction},
    queryable::{self, COUNT, Kind, NULL, Operators, Queryable, QueryableCollection},
};
use crate::graph::{entity::EntityType, error::GraphError};

/// How many alternatives one `or` or `in` may have.
const MAX_ALTERNATIVES: usize = 15;

/// Whether a request carries the advanced query parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Query {
    /// It lacks one of them.
    Default,
    /// `ConsistencyLevel: eventual` and `$count=true`.
    Advanced,
}

/// The condition that an expression means for objects of a type.
///
/// # Errors
/// [`GraphError::InvalidFilter`] for names and values that do not fit the type, [`GraphError::UnsupportedFilter`] for what Graph has no
/// index for, [`GraphError::NeedsAdvancedQuery`] for what it answers in advanced queries only, [`GraphError::TooManyAlternatives`].
pub fn condition(expression: &Expression, of: &'static EntityType, query: Query) -> Result<Condition, GraphError> {
    Planner { of, query, element: None }.condition(expression)
}

/// Within `any`: the variable, and what may be asked of an element.
#[derive(Clone, Copy)]
struct Element<'e> {
    variable: &'e str,
    of: &'static str,
    elements: &'e [Queryable],
}

#[derive(Clone, Copy)]
struct Planner<'e> {
    of: &'static EntityType,
    query: Query,
    element: Option<Element<'e>>,
}

impl<'e> Planner<'e> {
    fn condition(&self, expression: &Expression) -> Result<Condition, GraphError> {
        let each = |parts: &[Expression]| parts.iter().map(|part| self.condition(part)).collect::<Result<Vec<_>, _>>();
        match expression {
            Expression::And(parts) => Ok(Condition::And(each(parts)?)),
            Expression::Or(parts) => {
                few_enough(parts.len())?;
                Ok(Condition::Or(each(parts)?))
            }
            Expression::Not(inner) => {
                self.needs_advanced("not")?;
                Ok(Condition::Not(Box::new(self.condition(inner)?)))
            }
            Expression::Compare(path, comparison, literal) => {
                let property = self.property(path)?;
                if *comparison == Comparison::Ne {
                    self.needs_advanced("ne")?;
                }
                let constant = self.constant(property, literal, *comparison)?;
                let operators = if constant == Constant::Null { NULL } else { queryable::of_comparison(*comparison) };
                self.supports(property, operators, comparison.name())?;
                Ok(Condition::Is(property.path.to_owned(), Test::Compare(*comparison, constant)))
            }
            Expression::In(path, literals) => {
                few_enough(literals.len())?;
                let property = self.property(path)?;
                self.supports(property, queryable::EQ, "in")?;
                if literals.contains(&Literal::Null) {
                    self.supports(property, NULL, "in")?;
                }
                let constants: Result<Vec<_>, _> =
                    literals.iter().map(|literal| self.constant(property, literal, Comparison::Eq)).collect();
                Ok(Condition::Is(property.path.to_owned(), Test::In(constants?)))
            }
            Expression::Match(function, path, text) => self.matching(*function, path, text),
            Expression::Count(path, comparison, literal) => self.counting(path, *comparison, literal),
            Expression::Any { path, variable, body } => self.any(path, variable, body),
        }
    }

    fn matching(&self, function: TextFunction, path: &Path, text: &str) -> Result<Condition, GraphError> {
        let property = self.property(path)?;
        if !matches!(property.kind, Kind::Text) {
            return Err(self.unsupported(self.name_of(property)));
        }
        self.supports(property, queryable::of_function(function), function.name())?;
        Ok(Condition::Is(property.path.to_owned(), Test::Match(function, text.to_lowercase())))
    }

    fn counting(&self, path: &Path, comparison: Comparison, literal: &Literal) -> Result<Condition, GraphError> {
        let name = path.to_string();
        let collection = self.of.collection(&name);
        let path = match (collection, self.of.queryable(&name)) {
            (Some(collection), _) => collection.path,
            (None, Some(property)) if (property.default | property.advanced) & COUNT != 0 => property.path,
            _ => return Err(self.unsupported(&name)),
        };
        self.needs_advanced("$count")?;
        match literal {
            Literal::Number(number) if matches!(comparison, Comparison::Eq | Comparison::Ne) => {
                Ok(Condition::Is(path.to_owned(), Test::Count(comparison, *number)))
            }
            _ => Err(self.unsupported(&name)),
        }
    }

    fn any(&self, path: &Path, variable: &str, body: &Expression) -> Result<Condition, GraphError> {
        let name = path.to_string();
        if self.element.is_some() {
            return Err(self.unsupported(&name));
        }
        if let Some(QueryableCollection { path, elements }) = self.of.collection(&name) {
            let inner = Planner { element: Some(Element { variable, of: path, elements }), ..*self };
            return Ok(Condition::Any((*path).to_owned(), Box::new(inner.condition(body)?)));
        }
        let property = self.property(path)?;
        let kind = match property.kind {
            Kind::Texts => Kind::Text,
            Kind::Guids => Kind::Guid,
            _ => return Err(self.unsupported(&name)),
        };
        let element = [Queryable { path: "", kind, ..*property }];
        let inner = Planner { element: Some(Element { variable, of: property.path, elements: &element }), ..*self };
        Ok(Condition::Any(property.path.to_owned(), Box::new(inner.condition(body)?)))
    }

    /// What may be asked of the property that a path names.
    fn property(&self, path: &Path) -> Result<&'e Queryable, GraphError> {
        let name = path.to_string();
        let Some(element) = self.element else {
            let found = self.of.queryable(&name).filter(|property| property.kind != Kind::NotModelled);
            return found.ok_or_else(|| self.unsupported(&name));
        };
        let (first, rest) = name.split_once('/').unwrap_or((&name, ""));
        if first != element.variable {
            return Err(invalid(format!("Could not find a property named '{first}' on type '{}'", self.of.name)));
        }
        let found = element.elements.iter().find(|property| property.path.eq_ignore_ascii_case(rest));
        found.ok_or_else(|| self.unsupported(element.of))
    }

    fn supports(&self, property: &'e Queryable, operator: Operators, name: &'static str) -> Result<(), GraphError> {
        let is_collection = matches!(property.kind, Kind::Texts | Kind::Guids);
        if is_collection || (property.default | property.advanced) & operator != operator {
            return Err(self.unsupported(self.name_of(property)));
        }
        if property.default & operator == operator { Ok(()) } else { self.needs_advanced(name) }
    }

    /// The name of a property as messages write it; an element of a collection goes by the collection's name.
    fn name_of(&self, property: &'e Queryable) -> &'e str {
        self.element.map_or(property.path, |element| element.of)
    }

    fn needs_advanced(&self, operator: &'static str) -> Result<(), GraphError> {
        if self.query == Query::Advanced { Ok(()) } else { Err(GraphError::NeedsAdvancedQuery(operator)) }
    }

    /// The refusal of a property that is unknown, or known and without an index.
    fn unsupported(&self, path: &str) -> GraphError {
        let first = path.split('/').next().unwrap_or_default();
        let is_not_modelled = self.of.queryable(first).is_some_and(|property| property.kind == Kind::NotModelled);
        if is_not_modelled || self.of.navigation(first).is_some() {
            return GraphError::NotModelled(format!("$filter by {path} on {}", self.of.name));
        }
        match self.of.property(first) {
            Some(_) => GraphError::UnsupportedFilter { property: path.to_owned(), resource: self.of.resource() },
            None => invalid(format!("Could not find a property named '{first}' on type '{}'", self.of.name)),
        }
    }

    fn constant(&self, property: &'e Queryable, literal: &Literal, comparison: Comparison) -> Result<Constant, GraphError> {
        let is_equality = matches!(comparison, Comparison::Eq | Comparison::Ne);
        match (property.kind, literal) {
            (_, Literal::Null) if is_equality => Ok(Constant::Null),
            (Kind::Text, Literal::Text(text)) => Ok(Constant::Text(text.to_lowercase())),
            (Kind::Guid, Literal::Text(text) | Literal::Guid(text)) => Ok(Constant::Text(text.to_lowercase())),
            (Kind::Boolean, Literal::Boolean(value)) => Ok(Constant::Boolean(*value)),
            (Kind::Number, Literal::Number(number)) => Ok(Constant::Number(*number)),
            (Kind::Time, Literal::Time(text)) => {
                instant(text).map(Constant::Time).ok_or_else(|| incompatible(property, edm_type(literal), comparison))
            }
            (Kind::Texts | Kind::Guids, _) => Err(self.unsupported(property.path)),
            (_, literal) => Err(incompatible(property, edm_type(literal), comparison)),
        }
    }
}

fn few_enough(alternatives: usize) -> Result<(), GraphError> {
    if alternatives <= MAX_ALTERNATIVES { Ok(()) } else { Err(GraphError::TooManyAlternatives(alternatives)) }
}

fn invalid(reason: String) -> GraphError {
    GraphError::InvalidFilter(reason)
}

fn incompatible(property: &Queryable, found: &str, comparison: Comparison) -> GraphError {
    let kind = match property.kind {
        Kind::Text => "Edm.String",
        Kind::Guid => "Edm.Guid",
        Kind::Boolean => "Edm.Boolean",
        Kind::Number => "Edm.Int32",
        Kind::Time => "Edm.DateTimeOffset",
        Kind::Texts => "Collection(Edm.String)",
        Kind::Guids => "Collection(Edm.Guid)",
        Kind::NotModelled => "Edm.Untyped",
    };
    let operator = match comparison {
        Comparison::Eq => "Equal",
        Comparison::Ne => "NotEqual",
        Comparison::Gt => "GreaterThan",
        Comparison::Ge => "GreaterThanOrEqual",
        Comparison::Lt => "LessThan",
        Comparison::Le => "LessThanOrEqual",
    };
    invalid(format!(
        "A binary operator with incompatible types was detected. Found operand types '{kind}' and '{found}' for operator kind '{operator}'"
    ))
}

const fn edm_type(literal: &Literal) -> &'static str {
    match literal {
        Literal::Null => "Null",
        Literal::Boolean(_) => "Edm.Boolean",
        Literal::Text(_) => "Edm.String",
        Literal::Number(_) => "Edm.Int32",
        Literal::Guid(_) => "Edm.Guid",
        Literal::Time(_) => "Edm.DateTimeOffset",
    }
}
