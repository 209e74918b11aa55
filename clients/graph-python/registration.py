"""Unit 3, exercises 2 to 4, as a script: register the app, add a secret, define the roles, assign them."""

from datetime import datetime, timedelta, timezone
from uuid import UUID, uuid4

from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.applications.applications_request_builder import ApplicationsRequestBuilder
from msgraph.generated.applications.item.add_password.add_password_post_request_body import AddPasswordPostRequestBody
from msgraph.generated.applications.item.remove_password.remove_password_post_request_body import (
    RemovePasswordPostRequestBody,
)
from msgraph.generated.groups.groups_request_builder import GroupsRequestBuilder
from msgraph.generated.models.app_role import AppRole
from msgraph.generated.models.app_role_assignment import AppRoleAssignment
from msgraph.generated.models.application import Application
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.password_credential import PasswordCredential
from msgraph.generated.models.required_resource_access import RequiredResourceAccess
from msgraph.generated.models.resource_access import ResourceAccess
from msgraph.generated.models.service_principal import ServicePrincipal
from msgraph.generated.models.web_application import WebApplication

from checking import contains, differs, equal
from world import ADA, GRAPH_APP_ID, INES, NILS, REDIRECT_URI

USER_READ = UUID("e1fe6dd8-ba31-4d61-89e7-88639da4683d")
ROLES = {
    "Client": "Sees the own policies.",
    "Claims.Adjuster": "Sees the policies of a region.",
    "Insights.Analyst": "Sees figures about all policies.",
    "Policy.Admin": "Sees who may do what.",
}


async def register_the_app(world):
    wanted = Application(
        display_name="claims-portal",
        sign_in_audience="AzureADMyOrg",
        web=WebApplication(redirect_uris=[REDIRECT_URI, "http://localhost:5000/"]),
        required_resource_access=[
            RequiredResourceAccess(
                resource_app_id=GRAPH_APP_ID, resource_access=[ResourceAccess(id=USER_READ, type="Scope")]
            )
        ],
    )
    world.application = await world.admin.applications.post(wanted)
    equal(world.application.display_name, "claims-portal")
    differs(world.application.id, world.application.app_id)
    equal((world.application.publisher_domain, bool(world.application.created_date_time)), ("abc-insurance.example", True))


async def read_it_back_by_both_ids(world):
    by_object_id = await world.admin.applications.by_application_id(world.application.id).get()
    by_client_id = await world.admin.applications_with_app_id(world.application.app_id).get()
    equal(by_object_id.web.redirect_uris, [REDIRECT_URI, "http://localhost:5000/"])
    equal((by_client_id.id, by_client_id.sign_in_audience), (by_object_id.id, "AzureADMyOrg"))


async def a_wrong_redirect_uri_is_refused(world):
    change = Application(web=WebApplication(redirect_uris=["http://app.example/not-https"]))
    await refused(400, "Request_BadRequest", world.admin.applications.by_application_id(world.application.id).patch(change))
    kept = await world.admin.applications.by_application_id(world.application.id).get()
    equal(kept.web.redirect_uris, [REDIRECT_URI, "http://localhost:5000/"])


async def add_a_secret_that_is_shown_once(world):
    end = datetime.now(timezone.utc) + timedelta(days=90)
    body = AddPasswordPostRequestBody(password_credential=PasswordCredential(display_name="practice", end_date_time=end))
    world.secret = await this_app(world).add_password.post(body)
    equal((world.secret.display_name, bool(world.secret.key_id)), ("practice", True))
    equal(world.secret.hint, world.secret.secret_text[:3])
    [kept] = (await this_app(world).get()).password_credentials
    equal((kept.key_id, kept.secret_text), (world.secret.key_id, None))


async def remove_a_second_secret(world):
    second = await this_app(world).add_password.post(AddPasswordPostRequestBody(password_credential=PasswordCredential()))
    await this_app(world).remove_password.post(RemovePasswordPostRequestBody(key_id=second.key_id))
    equal([kept.key_id for kept in (await this_app(world).get()).password_credentials], [world.secret.key_id])


async def define_four_roles(world):
    roles = [role(value, description) for value, description in ROLES.items()]
    await this_app(world).patch(Application(app_roles=roles))
    world.application = await this_app(world).get()
    equal(sorted(role.value for role in world.application.app_roles), sorted(ROLES))


async def a_role_is_disabled_before_it_is_deleted(world):
    fifth = role("Auditor", "Reads everything.")
    await this_app(world).patch(Application(app_roles=[*world.application.app_roles, fifth]))
    without = Application(app_roles=world.application.app_roles)
    await refused(400, "CannotDeleteOrUpdateEnabledEntitlement", this_app(world).patch(without))
    fifth.is_enabled = False
    await this_app(world).patch(Application(app_roles=[*world.application.app_roles, fifth]))
    await this_app(world).patch(without)
    equal(len((await this_app(world).get()).app_roles), 4)


async def create_the_service_principal(world):
    world.service_principal = await world.admin.service_principals.post(ServicePrincipal(app_id=world.application.app_id))
    differs(world.service_principal.id, world.application.id)
    found = await world.admin.service_principals_with_app_id(world.application.app_id).get()
    equal((found.id, sorted(role.value for role in found.app_roles)), (world.service_principal.id, sorted(ROLES)))


async def assign_users_and_a_group(world):
    for name, value in [(ADA, "Claims.Adjuster"), (NILS, "Client")]:
        await assign(world, (await world.user(name)).id, value)
    query = GroupsRequestBuilder.GroupsRequestBuilderGetQueryParameters(filter="displayName eq 'Insights Analysts'")
    [group] = (await world.admin.groups.get(RequestConfiguration(query_parameters=query))).value
    made = await assign(world, group.id, "Insights.Analyst")
    equal((made.principal_type, made.principal_display_name), ("Group", "Insights Analysts"))
    assigned = (await this_principal(world).app_role_assigned_to.get()).value
    equal(sorted(it.principal_display_name for it in assigned), ["Ada Adjuster", "Insights Analysts", "Nils Norole"])


async def a_second_assignment_of_the_same_role_is_refused(world):
    await refused(400, "Request_BadRequest", assign(world, (await world.user(ADA)).id, "Claims.Adjuster"))


async def an_assignment_is_taken_back(world):
    nils = await world.user(NILS)
    [held] = (await world.admin.users.by_user_id(nils.id).app_role_assignments.get()).value
    equal(str(held.resource_id), world.service_principal.id)
    await this_principal(world).app_role_assigned_to.by_app_role_assignment_id(held.id).delete()
    equal((await world.admin.users.by_user_id(nils.id).app_role_assignments.get()).value, [])


async def the_roles_of_a_group_count_for_its_members(world):
    ines = await world.user(INES)
    [held] = (await world.admin.users.by_user_id(ines.id).app_role_assignments.get()).value
    equal((held.principal_type, held.resource_display_name), ("Group", "claims-portal"))


async def list_and_filter_applications(world):
    query = ApplicationsRequestBuilder.ApplicationsRequestBuilderGetQueryParameters(
        filter="startswith(displayName,'claims')", select=["id", "displayName"], top=5
    )
    [found] = (await world.admin.applications.get(RequestConfiguration(query_parameters=query))).value
    equal((found.id, found.app_id), (world.application.id, None))
    contains([it.id for it in (await world.admin.applications.get()).value], world.application.id)


async def update_and_read_again(world):
    await this_app(world).patch(Application(notes="Made by a script.", tags=["practice"]))
    kept = await this_app(world).get()
    equal((kept.notes, kept.tags, kept.display_name), ("Made by a script.", ["practice"], "claims-portal"))


async def delete_restore_and_delete_for_good(world):
    made = await world.admin.applications.post(Application(display_name="scratch", sign_in_audience="AzureADMyOrg"))
    await world.admin.applications.by_application_id(made.id).delete()
    await refused(404, "Request_ResourceNotFound", world.admin.applications.by_application_id(made.id).get())
    deleted = (await world.admin.directory.deleted_items.graph_application.get()).value
    contains([it.id for it in deleted], made.id)
    await world.admin.directory.deleted_items.by_directory_object_id(made.id).restore.post()
    equal((await world.admin.applications.by_application_id(made.id).get()).app_id, made.app_id)
    await world.admin.applications.by_application_id(made.id).delete()
    await world.admin.directory.deleted_items.by_directory_object_id(made.id).delete()
    await refused(404, "Request_ResourceNotFound", world.admin.directory.deleted_items.by_directory_object_id(made.id).get())


def this_app(world):
    return world.admin.applications.by_application_id(world.application.id)


def this_principal(world):
    return world.admin.service_principals.by_service_principal_id(world.service_principal.id)


def role(value, description):
    return AppRole(
        id=uuid4(),
        value=value,
        display_name=value.replace(".", " "),
        description=description,
        is_enabled=True,
        allowed_member_types=["User"],
    )


async def assign(world, principal_id, value):
    [wanted] = [it for it in world.application.app_roles if it.value == value]
    assignment = AppRoleAssignment(
        principal_id=UUID(principal_id), resource_id=UUID(world.service_principal.id), app_role_id=wanted.id
    )
    return await this_principal(world).app_role_assigned_to.post(assignment)


async def refused(status, code, call):
    """The call must fail, with the code that the SDK shows."""
    try:
        await call
    except ODataError as error:
        equal((error.response_status_code, error.error.code), (status, code))
    else:
        raise AssertionError(f"expected {status} {code}, and the call succeeded")


ORDER = [
    register_the_app,
    read_it_back_by_both_ids,
    a_wrong_redirect_uri_is_refused,
    add_a_secret_that_is_shown_once,
    remove_a_second_secret,
    define_four_roles,
    a_role_is_disabled_before_it_is_deleted,
    create_the_service_principal,
    assign_users_and_a_group,
    a_second_assignment_of_the_same_role_is_refused,
    an_assignment_is_taken_back,
    the_roles_of_a_group_count_for_its_members,
    list_and_filter_applications,
    update_and_read_again,
    delete_restore_and_delete_for_good,
]
