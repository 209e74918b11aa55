//! The ids of everything that someone is a member of, directly or through groups. A token with too many groups leads here.

use axum::{extract::Path, response::Response};
use serde_json::{Value, json};

use super::Member;
use crate::graph::{
    body::{self, Body},
    call::Call,
    error::GraphError,
    permissions::Operation,
    person::Person,
};

/// "getMemberObjects": "the maximum number of … groups is 11,000"; "checkMemberGroups": "up to 20 groups" in one request.
const MOST_CHECKED: usize = 20;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    /// All groups and directory roles.
    Objects,
    /// All groups.
    Groups,
    /// Those of some groups.
    CheckGroups,
    /// Those of some groups and directory roles.
    CheckObjects,
}

impl Question {
    pub(super) const ALL: [Self; 4] = [Self::Objects, Self::Groups, Self::CheckGroups, Self::CheckObjects];

    /// The last segment of the path.
    pub(super) const fn segment(self) -> &'static str {
        match self {
            Self::Objects => "getMemberObjects",
            Self::Groups => "getMemberGroups",
            Self::CheckGroups => "checkMemberGroups",
            Self::CheckObjects => "checkMemberObjects",
        }
    }

    /// The member of the body that lists what is checked; none where all is asked for.
    const fn checked(self) -> Option<&'static str> {
        match self {
            Self::Objects | Self::Groups => None,
            Self::CheckGroups => Some("groupIds"),
            Self::CheckObjects => Some("ids"),
        }
    }

    const fn includes_roles(self) -> bool {
        matches!(self, Self::Objects | Self::CheckObjects)
    }
}

/// Who is asked about, by the path.
pub(super) type Asked = (Person, Path<Vec<(String, String)>>);

pub(super) async fn answer(call: Call, (person, Path(path)): Asked, question: Question, body: Body) -> Response {
    let member = Member::of_path(person, &path);
    let operation = if member.is_own(&call.caller) { Operation::ReadOwnMemberObjects } else { Operation::ReadMemberObjects };
    let answer = call.permitted(operation, |_| {
        let wanted = Wanted::read(question, body)?;
        let found = ids(&call, &member, question, &wanted)?;
        let context = format!("https://graph.microsoft.com/{}/$metadata#Collection(Edm.String)", call.version.segment());
        Ok(json!({ "@odata.context": context, "value": found }))
    });
    call.reply_plain(answer)
}

/// What the body says.
struct Wanted {
    security_enabled_only: bool,
    /// The ids that are checked, in lower case.
    checked: Option<Vec<String>>,
}

impl Wanted {
    fn read(question: Question, body: Body) -> Result<Self, GraphError> {
        let members = body::object(body)?;
        let Some(name) = question.checked() else {
            body::only(&members, &["securityEnabledOnly"])?;
            return match members.get("securityEnabledOnly") {
                None | Some(Value::Null) => Ok(Self { security_enabled_only: false, checked: None }),
                Some(Value::Bool(only)) => Ok(Self { security_enabled_only: *only, checked: None }),
                Some(_) => Err(body::invalid("securityEnabledOnly", "must be true or false")),
            };
        };
        body::only(&members, &[name])?;
        let ids = body::texts(&members, name)?.ok_or_else(|| body::invalid(name, "is missing"))?;
        if ids.len() > MOST_CHECKED {
            return Err(body::invalid(name, &format!("must hold at most {MOST_CHECKED} ids")));
        }
        Ok(Self { security_enabled_only: false, checked: Some(ids.iter().map(|id| id.to_lowercase()).collect()) })
    }
}

fn ids(call: &Call, member: &Member, question: Question, wanted: &Wanted) -> Result<Vec<String>, GraphError> {
    let directory = &call.caller.directory;
    let (id, roles) = member.found(&call.caller)?;
    let is_wanted = |group: &&crate::directory::group::Group| {
        !wanted.security_enabled_only || group.other_properties.get("securityEnabled") == Some(&Value::Bool(true))
    };
    let groups = directory.transitive_groups_of(id).into_iter().filter(is_wanted).map(|group| group.id.clone());
    let roles = roles.iter().filter(|_| question.includes_roles()).map(|name| directory.role_named(name).id);
    let all = groups.chain(roles);
    Ok(match &wanted.checked {
        None => all.collect(),
        Some(checked) => all.filter(|id| checked.contains(&id.to_lowercase())).collect(),
    })
}
