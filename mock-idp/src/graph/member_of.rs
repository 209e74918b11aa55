//! GET /me/memberOf
//!
//! The groups and directory roles of which the signed-in user is a direct member (Microsoft Graph v1.0: "List a user's direct
//! memberships"). With User.Read alone Graph tells type and id of each and nothing else.

use std::borrow::Cow;

use axum::{extract::RawQuery, response::Response};
use serde_json::{Map, Value};

use super::{
    bearer::Caller,
    call::Call,
    entity::{EntityType, Selection},
    entity_types::{DIRECTORY_OBJECT, DIRECTORY_ROLE, GROUP},
    odata::list::{List, View},
    permissions::{Operation, holds_any},
    query::Understood,
};
use crate::{
    directory::{group::Group, user::User},
    random::derived_guid,
};

/// Permissions with which names are shown, not only ids.
const SHOW_NAMES: [&str; 3] = ["GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"];

pub(super) async fn my_memberships(call: Call, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadOwnMemberships, |caller| {
        let user = caller.signed_in_user()?;
        let options = call.options(query.as_deref(), Understood::List)?;
        let list = List { of: &DIRECTORY_OBJECT, context: "directoryObjects", path: "me/memberOf" };
        let memberships = all(caller, user);
        list.answer(&memberships.iter().collect::<Vec<_>>(), &Memberships { shows_names: holds_any(caller, &SHOW_NAMES) }, &options)
    });
    call.reply(answer)
}

/// A group or directory role, before it is shown.
struct Membership {
    id: String,
    of: &'static EntityType,
    known: Map<String, Value>,
}

/// Memberships as the caller may see them.
struct Memberships {
    shows_names: bool,
}

impl View<Membership> for Memberships {
    fn id<'o>(&self, membership: &'o Membership) -> &'o str {
        &membership.id
    }

    fn property<'o>(&'o self, membership: &'o Membership, name: &str) -> Cow<'o, Value> {
        membership.known.get(name).map_or(Cow::Owned(Value::Null), Cow::Borrowed)
    }

    fn is_visible(&self, _membership: &Membership, property: &str) -> bool {
        self.shows_names || property == "id"
    }

    fn show(&self, membership: &Membership, selection: &Selection) -> Map<String, Value> {
        let known = membership.known.iter().filter(|(name, _)| self.shows_names || *name == "id");
        let known = known.map(|(name, value)| (name.clone(), value.clone())).collect();
        let mut shown = membership.of.show(selection, &known);
        if !self.shows_names {
            // `null` for a list as well: what is withheld is not the same as what is empty.
            shown.values_mut().filter(|value| value.is_array()).for_each(|value| *value = Value::Null);
        }
        shown.insert("@odata.type".to_owned(), Value::String(format!("#{}", membership.of.name)));
        shown
    }
}

fn all(caller: &Caller, user: &User) -> Vec<Membership> {
    let group = |group: &Group| Membership {
        id: group.id.clone(),
        of: &GROUP,
        known: match serde_json::to_value(group) {
            Ok(Value::Object(known)) => known,
            _ => Map::new(),
        },
    };
    let role = |name: &String| {
        let id = derived_guid(&[caller.directory.tenant_id(), "directoryRole", name]);
        let known = [("id", id.clone()), ("displayName", name.clone())].map(|(key, value)| (key.to_owned(), Value::String(value)));
        Membership { id, of: &DIRECTORY_ROLE, known: Map::from_iter(known) }
    };
    caller.directory.groups_of(&user.id).map(group).chain(user.directory_roles.iter().map(role)).collect()
}
