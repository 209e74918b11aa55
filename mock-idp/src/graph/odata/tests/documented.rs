//! Examples from Microsoft Graph's own pages: "Use the $filter query parameter", "Advanced query capabilities on Microsoft Entra ID
//! objects", "Use the $search query parameter".

use crate::graph::{
    entity::EntityType,
    entity_types::{APPLICATION, DIRECTORY_OBJECT, GROUP, SERVICE_PRINCIPAL, USER},
    error::GraphError,
    odata::{filtering, order},
    query::{Consistency, QueryOptions, Understood},
};

fn judge(of: &'static EntityType, query: &str, consistency: Consistency) -> Result<(), GraphError> {
    let options = QueryOptions::parse(query, Understood::List, consistency)?;
    of.selection(&options)?;
    filtering::condition(&options, of)?;
    order::check(&options, of).map(|_| ())
}

#[test]
fn what_works_by_default_works() {
    let examples: [(&EntityType, &str); 17] = [
        (&USER, "$filter=accountEnabled eq false"),
        (&USER, "$filter=startswith(givenName, 'J')"),
        (
            &USER,
            "$filter=startswith(displayName,'mary') or startswith(givenName,'mary') or startswith(surname,'mary') or startswith(mail,'mary') or startswith(userPrincipalName,'mary')",
        ),
        (&USER, "$filter=department in ('Retail', 'Sales')"),
        (&USER, "$filter=mail in ('mail1@domain.com', 'mail2@domain.com')"),
        (&USER, "$filter=imAddresses/any(i:i eq 'admin@contoso.com')"),
        (&USER, "$filter=assignedLicenses/any(s:s/skuId eq 184efa21-98c3-4e5d-95ab-d07053a96e67)"),
        (&USER, "$filter=userType eq 'Member'"),
        (&USER, "$filter=identities/any(c:c/issuerAssignedId eq 'j.smith@yahoo.com' and c/issuer eq 'My B2C tenant')"),
        (&USER, "$filter=createdDateTime ge 2021-01-02T12:00:00Z"),
        (&USER, "$orderby=displayName desc"),
        (&GROUP, "$filter=groupTypes/any(c:c eq 'Unified')"),
        (&GROUP, "$filter=isAssignableToRole eq true"),
        (&GROUP, "$filter=mailEnabled eq false and securityEnabled eq true"),
        (&APPLICATION, "$filter=appId eq 'aa0e2ca9-3d6b-4b1e-8c42-26d9a1b0c001'"),
        (&APPLICATION, "$filter=web/redirectUris/any(u:u eq 'http://localhost:5000/auth')"),
        (&SERVICE_PRINCIPAL, "$filter=servicePrincipalNames/any(n:n eq 'api://claims') and displayName eq 'Claims'"),
    ];
    for (of, query) in examples {
        assert_eq!(judge(of, query, Consistency::Session), Ok(()), "{query}");
        assert_eq!(judge(of, &format!("{query}&$count=true"), Consistency::Eventual), Ok(()), "{query}");
    }
}

#[test]
fn what_needs_the_advanced_query_parameters_needs_both() {
    let examples: [(&EntityType, &str); 21] = [
        (&USER, "$filter=accountEnabled ne true"),
        (&USER, "$filter=assignedLicenses/$count eq 0"),
        (&USER, "$filter=endsWith(mail,'@outlook.com')"),
        (&USER, "$filter=startsWith(mobilePhone, '25478') OR startsWith(mobilePhone, '25473')"),
        (&USER, "$filter=companyName ne null and NOT(companyName eq 'Microsoft')"),
        (&USER, "$filter=companyName in (null, 'Microsoft')"),
        (&USER, "$filter=NOT startsWith(displayName, 'Conf')"),
        (&USER, "$filter=proxyAddresses/any (p:endsWith(p, 'OnMicrosoft.com'))"),
        (&USER, "$filter=NOT(imAddresses/any(i:i eq 'admin@contoso.com'))"),
        (
            &USER,
            "$filter=assignedPlans/any(a:a/servicePlanId eq 2e2ddb96-6af9-4b1d-a3f0-d6ecfd22edb2 and a/capabilityStatus eq 'Suspended')",
        ),
        (&USER, "$filter=businessPhones/any(p:startswith(p, '44'))"),
        (&USER, "$filter=not(userType in ('Member'))"),
        (&USER, "$filter=not(companyName eq 'Contoso E.A.')"),
        (&USER, "$filter=accountEnabled eq true&$orderby=displayName"),
        (&USER, "$orderby=createdDateTime desc"),
        (&GROUP, "$filter=NOT groupTypes/any(c:c eq 'Unified')"),
        (&GROUP, "$filter=isAssignableToRole ne true"),
        (&GROUP, "$filter=not(startswith(mail,'Pineview'))"),
        (&APPLICATION, "$orderby=displayName"),
        (&APPLICATION, "$orderby=displayName&$filter=startsWith( displayName, 'Box')"),
        (&SERVICE_PRINCIPAL, "$filter=not(appOwnerOrganizationId eq 72f988bf-86f1-41af-91ab-2d7cd011db47)"),
    ];
    for (of, query) in examples {
        let with_count = format!("{query}&$count=true");
        assert_eq!(judge(of, &with_count, Consistency::Eventual), Ok(()), "{query}");
        for (query, consistency) in [(query, Consistency::Eventual), (&with_count, Consistency::Session)] {
            let refused = judge(of, query, consistency).expect_err(query);
            assert!(matches!(refused, GraphError::NeedsAdvancedQuery(_) | GraphError::SortingNotSupported), "{query}: {refused}");
            assert_eq!(refused.wire().1, "Request_UnsupportedQuery");
        }
    }
}

#[test]
fn searches_work_with_the_header_alone() {
    for (of, query) in [
        (&USER, r#"$search="displayName:Guthr" OR "mail:Guthr""#),
        (&GROUP, r#"$filter=mailEnabled eq true&$search="displayName:OneVideo""#),
        (&GROUP, r#"$search="description:One" AND ("displayName:Video" OR "displayName:Drive")"#),
        (&APPLICATION, r#"$search="displayName:Browser""#),
    ] {
        assert_eq!(judge(of, query, Consistency::Eventual), Ok(()), "{query}");
        assert_eq!(judge(of, query, Consistency::Session), Err(GraphError::SearchNeedsEventual), "{query}");
    }
}

#[test]
fn a_list_of_several_types_is_filtered_by_id_or_in_an_advanced_query() {
    let named = "$filter=startswith(displayName,'a')";
    assert_eq!(judge(&DIRECTORY_OBJECT, "$filter=id eq 'x'", Consistency::Session), Ok(()));
    assert_eq!(judge(&DIRECTORY_OBJECT, named, Consistency::Session), Err(GraphError::UnsupportedReferenceFilter));
    assert_eq!(judge(&DIRECTORY_OBJECT, &format!("{named}&$count=true"), Consistency::Eventual), Ok(()));
}

#[test]
fn refusals_say_what_graph_says() {
    let cases: [(&EntityType, &str, &str, &str); 13] = [
        (
            &USER,
            "$filter=endsWith(userPrincipalName,'%23EXT%23@contoso.com')",
            "Request_UnsupportedQuery",
            "Operator 'endsWith' is not supported because the required parameters might be missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information",
        ),
        (
            &GROUP,
            "$filter=createdDateTime ge 2021-11-01",
            "Request_UnsupportedQuery",
            "Unsupported or invalid query filter clause specified for property 'createdDateTime' of resource 'Group'.",
        ),
        (
            &USER,
            "$search=\"displayName:Ada\"",
            "Request_UnsupportedQuery",
            "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
        ),
        (
            &USER,
            "$filter=colour eq 'red'",
            "BadRequest",
            "Invalid filter clause: Could not find a property named 'colour' on type 'microsoft.graph.user'.",
        ),
        (
            &USER,
            "$filter=displayName eq 'Ada",
            "BadRequest",
            "Invalid filter clause: There is an unterminated string literal at position 15 in 'displayName eq 'Ada'.",
        ),
        (
            &USER,
            "$filter=displayName is 'Ada'",
            "BadRequest",
            "Invalid filter clause: Syntax error at position 12 in 'displayName is 'Ada''.",
        ),
        (
            &USER,
            "$filter=accountEnabled eq 'true'",
            "BadRequest",
            "Invalid filter clause: A binary operator with incompatible types was detected. Found operand types 'Edm.Boolean' and 'Edm.String' for operator kind 'Equal'.",
        ),
        (
            &USER,
            "$filter=contains(displayName,'a')",
            "Request_UnsupportedQuery",
            "Unsupported or invalid query filter clause specified for property 'displayName' of resource 'User'.",
        ),
        (
            &USER,
            "$filter=length(displayName) eq 3",
            "BadRequest",
            "Invalid filter clause: An unknown function with name 'length' was found. This may also be a function import or a key lookup on a navigation property, which is not allowed in 'length(displayName) eq 3'.",
        ),
        (
            &USER,
            "$filter=otherMails eq 'a@b.example'",
            "Request_UnsupportedQuery",
            "Unsupported or invalid query filter clause specified for property 'otherMails' of resource 'User'.",
        ),
        (
            &USER,
            "$filter=manager/displayName eq 'Ada'",
            "NotImplemented",
            "This mock of Microsoft Graph does not answer $filter by manager/displayName on microsoft.graph.user. The real service does.",
        ),
        (&USER, "$orderby=surname", "Request_UnsupportedQuery", "Unsupported sort property 'surname' for 'User'."),
        (
            &USER,
            "$orderby=colour",
            "BadRequest",
            "Invalid orderby clause: Could not find a property named 'colour' on type 'microsoft.graph.user'.",
        ),
    ];
    for (of, query, code, message) in cases {
        let refused = judge(of, query, Consistency::Session).expect_err(query);
        assert_eq!((refused.wire().1, refused.to_string().as_str()), (code, message), "{query}");
    }
}
