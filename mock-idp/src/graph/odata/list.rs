//! The answer to a call that lists objects, with whatever query options it has.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{
    condition::{Condition, descend},
    filtering::{self, Candidates},
    order,
    pages::{self, Marker},
};
use crate::{
    directory::entries::{Entries, Entry, Index},
    graph::{
        call::{Answer, Reply},
        entity::{EntityType, Expansion, Selection},
        error::GraphError,
        query::QueryOptions,
    },
};

/// How a list looks at its objects.
pub trait View<T> {
    /// The object id.
    fn id<'o>(&self, object: &'o T) -> &'o str;

    /// The value of one property, `null` if there is none. Filters ask every object, so that this should not build all properties
    /// to give one.
    fn property<'o>(&'o self, object: &'o T, name: &str) -> Cow<'o, Value>;

    /// Whether the caller may see a property of an object. Graph leaves out of a filtered list the objects whose properties in the
    /// filter "are unavailable due to permissions" ("Use the $filter query parameter").
    fn is_visible(&self, _object: &T, _property: &str) -> bool {
        true
    }

    /// The object as the answer shows it, without expanded relationships.
    fn show(&self, object: &T, selection: &Selection) -> Map<String, Value>;

    /// What a relationship leads to, as the value under its name; [`inside`] makes it of a list. Asked only for the relationships
    /// that the type says can be followed ([`Navigation::to`](crate::graph::entity::Navigation::to)).
    fn expand(&self, _object: &T, _expansion: &Expansion) -> Value {
        Value::Null
    }

    /// The object as the answer shows it, expanded relationships included.
    fn show_expanded(&self, object: &T, selection: &Selection) -> Map<String, Value> {
        let mut shown = self.show(object, selection);
        for expansion in selection.expansions() {
            shown.insert(expansion.name.to_owned(), self.expand(object, expansion));
        }
        shown
    }
}

/// Objects to list.
pub trait Collection<T> {
    /// All of them, in order.
    fn all(&self) -> Box<dyn Iterator<Item = &T> + '_>;

    /// How many there are.
    fn size(&self) -> usize;

    /// Those that an index has under this value; `None` if there is no index.
    fn indexed(&self, index: Index, value: &str) -> Option<Vec<&T>>;

    /// The objects, if they stand in a list already; `None` if there may be so many that a page must not look at all of them.
    fn listed(&self) -> Option<Vec<&T>>;

    /// The place of an object, which stays free when the object goes.
    fn place(&self, id: &str) -> Option<u64>;

    /// The objects after a place.
    fn after(&self, place: u64) -> Box<dyn Iterator<Item = &T> + '_>;
}

/// All entries of a kind.
impl<T: Entry> Collection<T> for Entries<T> {
    fn all(&self) -> Box<dyn Iterator<Item = &T> + '_> {
        Box::new(self.iter())
    }

    fn size(&self) -> usize {
        self.len()
    }

    fn indexed(&self, index: Index, value: &str) -> Option<Vec<&T>> {
        Some(self.by(index, value).collect())
    }

    fn listed(&self) -> Option<Vec<&T>> {
        None
    }

    fn place(&self, id: &str) -> Option<u64> {
        Entries::place(self, id)
    }

    fn after(&self, place: u64) -> Box<dyn Iterator<Item = &T> + '_> {
        Box::new(self.after_place(place))
    }
}

/// Those that a path leads to: the members of a group, the assignments of a user.
impl<T> Collection<T> for Vec<&T> {
    fn all(&self) -> Box<dyn Iterator<Item = &T> + '_> {
        Box::new(self.iter().copied())
    }

    fn size(&self) -> usize {
        self.len()
    }

    fn indexed(&self, _index: Index, _value: &str) -> Option<Vec<&T>> {
        None
    }

    fn listed(&self) -> Option<Vec<&T>> {
        Some(self.clone())
    }

    fn place(&self, _id: &str) -> Option<u64> {
        None
    }

    fn after(&self, place: u64) -> Box<dyn Iterator<Item = &T> + '_> {
        let next = usize::try_from(place).unwrap_or(usize::MAX).saturating_add(1);
        Box::new(self.iter().copied().skip(next))
    }
}

/// How many objects `$expand` shows. "Customize Microsoft Graph responses with query parameters", section "expand parameter".
const EXPANDED: usize = 20;

/// The objects that an expanded relationship leads to, as far as Graph shows them inside another object.
pub fn inside<'o, T: 'o>(objects: impl IntoIterator<Item = &'o T>, view: &impl View<T>, selection: &Selection) -> Value {
    objects.into_iter().take(EXPANDED).map(|object| Value::Object(view.show(object, selection))).collect()
}

/// Which list a call asks for.
#[derive(Debug, Clone, Copy)]
pub struct List<'l> {
    /// The type of its objects.
    pub of: &'static EntityType,
    /// What follows `$metadata#` in the context, without the selection: `users`.
    pub context: &'l str,
    /// The path after the version, for the next link: `users`.
    pub path: &'l str,
}

impl List<'_> {
    /// The page that the options ask for.
    ///
    /// # Errors
    /// What Graph refuses, or the mock does not model, of the query options.
    pub(in crate::graph) fn answer<T>(
        &self,
        from: &impl Collection<T>,
        view: &impl View<T>,
        options: &QueryOptions,
    ) -> Result<Answer, GraphError> {
        let selection = self.of.selection(options)?;
        let condition = filtering::condition(options, self.of)?;
        let order = order::check(options, self.of)?;
        let holds = |object: &&T| condition.as_ref().is_none_or(|condition| meets(condition, view, object));
        let scope = pages::scope(self.path, options);
        let marker = options.skip_token.as_deref().map(|token| Marker::read(token, &scope)).transpose()?;

        let candidates = filtering::candidates(from, condition.as_ref(), self.of);
        let count = (options.counts() && marker.is_none()).then(|| match (&condition, &candidates) {
            (None, _) => from.size(),
            (Some(_), Candidates::Few(few)) => few.iter().copied().filter(|object| holds(object)).count(),
            (Some(_), Candidates::All) => from.all().filter(|object| holds(object)).count(),
        });
        let page = match candidates {
            Candidates::All if order.is_empty() => pages::streamed(from, marker.as_ref(), options.page_size(), view, holds),
            candidates => {
                let mut objects: Vec<&T> = candidates.objects(from).into_iter().filter(holds).collect();
                order::sort(&mut objects, &order, view);
                pages::of_list(objects, marker.as_ref(), options.page_size(), view)
            }
        };
        let next = page.next.map(|marker| format!("{}?{}", self.path, pages::next_query(options, &marker.write(&scope))));
        Ok(Answer {
            context: format!("{}{}", self.context, selection.context()),
            count,
            next,
            reply: Reply::List(page.objects.into_iter().map(|object| view.show_expanded(object, &selection)).collect()),
        })
    }

    /// How many objects a `/$count` segment tells.
    ///
    /// # Errors
    /// As [`List::answer`].
    pub(in crate::graph) fn count<T>(
        &self,
        from: &impl Collection<T>,
        view: &impl View<T>,
        options: &QueryOptions,
    ) -> Result<usize, GraphError> {
        let Some(condition) = filtering::condition(options, self.of)? else { return Ok(from.size()) };
        let objects = filtering::candidates(from, Some(&condition), self.of).objects(from);
        Ok(objects.into_iter().filter(|object| meets(&condition, view, object)).count())
    }
}

fn meets<T>(condition: &Condition, view: &impl View<T>, object: &T) -> bool {
    condition.asks_only(&|property| view.is_visible(object, property)) && condition.holds(&|path| value_at(view, object, path))
}

/// The value at a path: the first segment is a property, the others lead into it.
pub(super) fn value_at<'o, T>(view: &'o impl View<T>, object: &'o T, path: &str) -> Cow<'o, Value> {
    let (name, rest) = path.split_once('/').unwrap_or((path, ""));
    if !view.is_visible(object, name) {
        return Cow::Owned(Value::Null);
    }
    if rest.is_empty() {
        return view.property(object, name);
    }
    match view.property(object, name) {
        Cow::Borrowed(value) => Cow::Borrowed(descend(value, rest)),
        Cow::Owned(value) => Cow::Owned(descend(&value, rest).clone()),
    }
}
