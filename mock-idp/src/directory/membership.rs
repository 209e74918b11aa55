//! Creating, changing and deleting groups, and who is a member of what.
//! Sources: Microsoft Graph v1.0, "Create group", "Update group", "Delete group", "Add members", "Remove member", "group resource type".

use std::collections::BTreeSet;

use serde_json::Value;
use time::OffsetDateTime;

use super::{Directory, entries::Index, group::Group, refusal::Refusal, registration::instant, user::User, validation::Problem};
use crate::random::Entropy;

/// "group resource type": the most characters of these texts.
const LIMITS: [(&str, usize); 2] = [("description", 1024), ("mailNickname", 64)];
const LONGEST_DISPLAY_NAME: usize = 256;

/// "The mail alias … can contain only characters in the ASCII character set 0 - 127 except" these.
const NOT_IN_A_MAIL_NICKNAME: &str = "@()\\[]\";:<>, ";

impl Directory {
    /// The group with this object id.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn group_by_id(&self, id: &str) -> Result<&Group, Refusal> {
        self.groups.get(id).ok_or_else(|| Refusal::NotFound(id.to_owned()))
    }

    /// Adds a group: gives an id and the time, and judges its properties and members.
    ///
    /// # Errors
    /// [`Refusal::ValueNeeded`], [`Refusal::Invalid`], [`Refusal::NotFound`] for a member.
    pub fn create_group(&mut self, group: Group, now: OffsetDateTime, entropy: &Entropy) -> Result<Group, Refusal> {
        let mut group = Group { id: entropy.guid(), ..group };
        judge(&group)?;
        if let Some(nobody) = group.members.iter().find(|member| !self.has_principal(member)) {
            return Err(Refusal::NotFound(nobody.clone()));
        }
        group.other_properties.insert("createdDateTime".to_owned(), instant(now));
        self.groups.push(group.clone());
        Ok(group)
    }

    /// Changes a group.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::ReadOnly`] for the id, [`Refusal::Invalid`], [`Refusal::ValueNeeded`].
    pub fn update_group(&mut self, id: &str, change: impl FnOnce(&mut Group)) -> Result<Group, Refusal> {
        let old = self.group_by_id(id)?;
        let mut new = old.clone();
        change(&mut new);
        if old.id != new.id {
            return Err(Refusal::ReadOnly("id"));
        }
        let before = judge(old).err();
        judge(&new).or_else(|problem| if before == Some(problem.clone()) { Ok(()) } else { Err(problem) })?;
        self.groups.edit(id, |group| *group = new.clone());
        Ok(new)
    }

    /// Deletes a group, with its roles and its places in other groups.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn delete_group(&mut self, id: &str) -> Result<(), Refusal> {
        let id = self.group_by_id(id)?.id.clone();
        self.groups.remove(&id);
        self.forget_principal(&id);
        Ok(())
    }

    /// Makes a user, group or service principal a member of a group.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for either, [`Refusal::AlreadyMember`], [`Refusal::Invalid`] for a group in itself.
    pub fn add_member(&mut self, group_id: &str, member_id: &str) -> Result<(), Refusal> {
        let group = self.group_by_id(group_id)?;
        if !self.has_principal(member_id) {
            return Err(Refusal::NotFound(member_id.to_owned()));
        }
        if group.id.eq_ignore_ascii_case(member_id) {
            return Err(Refusal::invalid("members", Problem::MemberOfItself));
        }
        if group.members.iter().any(|member| member.eq_ignore_ascii_case(member_id)) {
            return Err(Refusal::AlreadyMember);
        }
        let member_id = member_id.to_ascii_lowercase();
        self.groups.edit(group_id, |group| group.members.push(member_id));
        Ok(())
    }

    /// Ends a membership.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for the group, or for a member that is none.
    pub fn remove_member(&mut self, group_id: &str, member_id: &str) -> Result<(), Refusal> {
        let is_member = |member: &String| member.eq_ignore_ascii_case(member_id);
        if !self.group_by_id(group_id)?.members.iter().any(is_member) {
            return Err(Refusal::NotFound(member_id.to_owned()));
        }
        self.groups.edit(group_id, |group| group.members.retain(|member| !is_member(member)));
        Ok(())
    }

    /// The groups of which `id` is a member, directly or through other groups; each once, even if groups hold each other.
    pub fn transitive_groups_of<'d>(&'d self, id: &str) -> Vec<&'d Group> {
        let mut found: Vec<&Group> = Vec::new();
        let mut seen = BTreeSet::new();
        let mut next: Vec<&Group> = self.groups_of(id).collect();
        while !next.is_empty() {
            let new: Vec<&Group> = next.into_iter().filter(|group| seen.insert(group.id.as_str())).collect();
            next = new.iter().flat_map(|group| self.groups_of(&group.id)).collect();
            found.extend(new);
        }
        found
    }

    /// The object ids of the members of a group and of the groups in it; each once, the group itself never.
    pub fn transitive_members_of<'d>(&'d self, group: &'d Group) -> Vec<&'d str> {
        let mut found: Vec<&str> = Vec::new();
        let mut seen = BTreeSet::from([group.id.as_str()]);
        let mut next = vec![group];
        while let Some(group) = next.pop() {
            let new: Vec<&str> = group.members.iter().map(String::as_str).filter(|member| seen.insert(member)).collect();
            next.extend(new.iter().filter_map(|member| self.groups.get(member)));
            found.extend(new);
        }
        found
    }

    /// The users who hold a directory role, found by its display name.
    pub fn holders_of_role<'d>(&'d self, name: &str) -> impl Iterator<Item = &'d User> {
        self.users.by(Index::DirectoryRole, name)
    }
}

/// Judges the properties of a group.
fn judge(group: &Group) -> Result<(), Refusal> {
    if group.display_name.trim().is_empty() {
        return Err(Refusal::ValueNeeded { resource: "Group", property: "displayName" });
    }
    let text = |name: &str| group.other_properties.get(name).and_then(Value::as_str).unwrap_or_default();
    let texts = LIMITS.map(|(property, limit)| (property, text(property), limit));
    for (property, value, limit) in texts.into_iter().chain([("displayName", group.display_name.as_str(), LONGEST_DISPLAY_NAME)]) {
        let length = value.chars().count();
        if length > limit {
            return Err(Refusal::invalid(property, Problem::TooLong { length, limit }));
        }
    }
    let wrong = |it: &char| !it.is_ascii() || it.is_ascii_control() || NOT_IN_A_MAIL_NICKNAME.contains(*it);
    text("mailNickname").chars().find(wrong).map_or(Ok(()), |it| Err(Refusal::invalid("mailNickname", Problem::CharacterNotAllowed(it))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Map, json};
    use time::macros::datetime;

    fn group(name: &str, nickname: &str) -> Group {
        let other_properties = Map::from_iter([("mailNickname".to_owned(), json!(nickname))]);
        Group { id: String::new(), display_name: name.to_owned(), members: Vec::new(), other_properties }
    }

    fn create(directory: &mut Directory, group: Group) -> Result<Group, Refusal> {
        directory.create_group(group, datetime!(2026-11-25 09:00 UTC), &Entropy::system())
    }

    /// A tenant with groups, each a member of the next, and the last of the first.
    fn ring(names: &[&str]) -> (Directory, Vec<String>, String) {
        let mut directory = Directory::fabrikam();
        let user = directory.users[0].id.clone();
        let ids: Vec<String> = names.iter().map(|name| create(&mut directory, group(name, name)).expect("sound").id).collect();
        directory.add_member(&ids[0], &user).expect("both are there");
        for (place, id) in ids.iter().enumerate() {
            directory.add_member(&ids[(place + 1) % ids.len()], id).expect("both are there");
        }
        (directory, ids, user)
    }

    #[test]
    fn groups_that_hold_each_other_are_found_once() {
        let (directory, ids, user) = ring(&["a", "b", "c"]);
        let names: Vec<&str> = directory.transitive_groups_of(&user).iter().map(|group| group.display_name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"]);
        let first = directory.group_by_id(&ids[0]).expect("there");
        let members: BTreeSet<&str> = directory.transitive_members_of(first).into_iter().collect();
        assert_eq!(members, BTreeSet::from([user.as_str(), ids[1].as_str(), ids[2].as_str()]));
        assert_eq!(directory.groups_of(&user).count(), 1);
    }

    #[test]
    fn a_member_is_added_once_and_removed_once() {
        let (mut directory, ids, user) = ring(&["a", "b"]);
        assert_eq!(directory.add_member(&ids[0], &user.to_uppercase()), Err(Refusal::AlreadyMember));
        assert_eq!(directory.add_member(&ids[0], &ids[0]), Err(Refusal::invalid("members", Problem::MemberOfItself)));
        assert_eq!(directory.add_member(&ids[0], "nobody"), Err(Refusal::NotFound("nobody".to_owned())));
        assert_eq!(directory.add_member("nowhere", &user), Err(Refusal::NotFound("nowhere".to_owned())));
        assert_eq!(directory.remove_member(&ids[0], &user), Ok(()));
        assert_eq!(directory.remove_member(&ids[0], &user), Err(Refusal::NotFound(user)));
    }

    #[test]
    fn a_deleted_group_is_in_no_other_group() {
        let (mut directory, ids, _) = ring(&["a", "b"]);
        assert_eq!(directory.delete_group(&ids[0]), Ok(()));
        assert_eq!(directory.group_by_id(&ids[1]).map(|group| group.members.clone()), Ok(Vec::new()));
    }

    #[test]
    fn a_group_has_a_name_and_a_nickname_without_signs() {
        let mut directory = Directory::fabrikam();
        let needed = Refusal::ValueNeeded { resource: "Group", property: "displayName" };
        assert_eq!(create(&mut directory, group("  ", "x")), Err(needed));
        let refused = create(&mut directory, group("Claims", "claims team"));
        assert_eq!(refused, Err(Refusal::invalid("mailNickname", Problem::CharacterNotAllowed(' '))));
        let long = create(&mut directory, group(&"x".repeat(1_000_000), "x"));
        assert_eq!(long, Err(Refusal::invalid("displayName", Problem::TooLong { length: 1_000_000, limit: 256 })));
    }
}
