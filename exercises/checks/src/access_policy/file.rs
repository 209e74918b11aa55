//! `policy.toml` as it is written.

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{AccessPolicy, Cell, Column, RoleMatch, Row, SamePerson, SeveralRoles, SignIn};
use crate::filled_in::{Complaint, FilledIn};

const SIGN_IN: [&str; 5] = ["employee", "guest", "without-role", "disabled-account", "other-tenant"];
const RULES: [&str; 3] = ["several-roles", "role-match", "same-person"];
const COLUMNS: &str = "columns";

/// Reads the whole file.
pub(super) fn read(text: &str) -> Result<AccessPolicy, Vec<Complaint>> {
    let (mut file, root) = FilledIn::parse(text).map_err(|complaint| vec![complaint])?;
    file.no_other_keys(&root, &["sign-in", "pages", "rules"]);
    let sign_in = sign_in(&mut file, &root);
    let pages = pages(&mut file, &root);
    let rules = rules(&mut file, &root);
    file.complaints.sort_by_key(|complaint| complaint.line);
    match (sign_in, pages, rules) {
        (Some(sign_in), Some(pages), Some((several_roles, role_match, same_person))) if file.complaints.is_empty() => {
            Ok(AccessPolicy { sign_in, pages, several_roles, role_match, same_person })
        }
        _ => Err(file.complaints),
    }
}

fn sign_in<'t>(file: &mut FilledIn<'t>, root: &DeTable<'t>) -> Option<SignIn> {
    let (place, table) = file.table(root, "sign-in")?;
    file.no_other_keys(table, &SIGN_IN);
    let mut accepts = |name| line(file, &place, table, name, &[("accept", true), ("refuse", false)]);
    let [employee, guest, without_role, disabled_account, other_tenant] = SIGN_IN.map(&mut accepts);
    Some(SignIn {
        employee: employee?,
        guest: guest?,
        without_role: without_role?,
        disabled_account: disabled_account?,
        other_tenant: other_tenant?,
    })
}

fn rules<'t>(file: &mut FilledIn<'t>, root: &DeTable<'t>) -> Option<(SeveralRoles, RoleMatch, SamePerson)> {
    let (place, table) = file.table(root, "rules")?;
    file.no_other_keys(table, &RULES);
    let several_roles = [("union", SeveralRoles::Union), ("first", SeveralRoles::First), ("strictest", SeveralRoles::Strictest)];
    let role_match = [("whole-value", RoleMatch::WholeValue), ("begins-with", RoleMatch::BeginsWith), ("contains", RoleMatch::Contains)];
    let same_person = [
        ("tid+oid", SamePerson::TenantAndObjectId),
        ("preferred_username", SamePerson::PreferredUsername),
        ("email", SamePerson::Email),
        ("name", SamePerson::Name),
    ];
    let several_roles = line(file, &place, table, RULES[0], &several_roles);
    let role_match = line(file, &place, table, RULES[1], &role_match);
    let same_person = line(file, &place, table, RULES[2], &same_person);
    Some((several_roles?, role_match?, same_person?))
}

/// One value of a table with a value a line.
fn line<'t, T: Copy>(file: &mut FilledIn<'t>, place: &Range<usize>, table: &DeTable<'t>, name: &str, choices: &[(&str, T)]) -> Option<T> {
    let value = file.value(place, table, name)?;
    file.choice(value, name, choices)
}

fn pages<'t>(file: &mut FilledIn<'t>, root: &DeTable<'t>) -> Option<[[Cell; Column::ALL.len()]; Row::ALL.len()]> {
    let (place, table) = file.table(root, "pages")?;
    let names: Vec<&str> = [COLUMNS].into_iter().chain(Row::ALL.map(Row::name)).collect();
    file.no_other_keys(table, &names);
    let header = file.value(&place, table, COLUMNS)?;
    let columns = columns(file, header)?;
    let mut cells = [[None; Column::ALL.len()]; Row::ALL.len()];
    for row in Row::ALL {
        let Some(value) = file.value(&place, table, row.name()) else { continue };
        let Some(written) = values(file, value, row.name()) else { continue };
        for (column, cell) in columns.iter().zip(written) {
            let place = format!("row {}, column {}", row.name(), column.name());
            cells[row as usize][*column as usize] = file.choice(cell, &place, column.cells());
        }
    }
    let mut filled = [[Cell::Deny; Column::ALL.len()]; Row::ALL.len()];
    for (filled, cell) in filled.iter_mut().flatten().zip(cells.into_iter().flatten()) {
        *filled = cell?;
    }
    Some(filled)
}

/// The header of the table: each column once, in any order.
fn columns<'t>(file: &mut FilledIn<'t>, header: &Spanned<DeValue<'t>>) -> Option<Vec<Column>> {
    let choices = Column::ALL.map(|column| (column.name(), column));
    let mut columns = Vec::new();
    for value in values(file, header, COLUMNS)? {
        let column = file.choice(value, "the header of a column", &choices)?;
        if columns.contains(&column) {
            file.complain(&value.span(), format!("the column {} stands there twice. Each of the five stands there once.", column.name()));
            return None;
        }
        columns.push(column);
    }
    Some(columns)
}

/// The five values of a row, or a complaint about their number.
fn values<'a, 't>(file: &mut FilledIn<'t>, value: &'a Spanned<DeValue<'t>>, name: &str) -> Option<Vec<&'a Spanned<DeValue<'t>>>> {
    let wanted = Column::ALL.len();
    match value.get_ref().as_array() {
        Some(array) if array.len() == wanted => return Some(array.iter().collect()),
        Some(array) => {
            file.complain(&value.span(), format!("the row {name} has {} cells. It needs {wanted}, one for each column.", array.len()))
        }
        None => file.complain(
            &value.span(),
            format!("the row {name} is no list. Write its {wanted} cells in square brackets, with commas between."),
        ),
    }
    None
}
