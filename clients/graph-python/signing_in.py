"""Signing in: the administrator by the Azure SDK's own client, then people and the app itself by the new registration."""

from uuid import UUID

import jwt
from azure.core.exceptions import ClientAuthenticationError
from msgraph.generated.models.app_role_assignment import AppRoleAssignment
from msgraph.generated.models.application import Application

from checking import contains, equal, payload
from registration import refused
from world import ADA, GRAPH_APP_ID, GRAPH_SCOPES, INES, NILS, OLGA, TENANT

COMMAND_LINE_TOOL = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"


async def sign_in_as_the_administrator(world):
    equal((await world.admin.me.get()).user_principal_name, OLGA)
    [redeemed] = [event for event in world.mock.events_since(0) if event["kind"] == "token"]
    equal(redeemed["app_id"], COMMAND_LINE_TOOL)


async def somebody_without_a_directory_role_cannot_manage_apps_of_others(world):
    nils = world.graph(world.interactive_credential(NILS))
    equal((await nils.me.get()).user_principal_name, NILS)
    change = Application(notes="not by me")
    await refused(403, "Authorization_RequestDenied", nils.applications.by_application_id(world.application.id).patch(change))


async def the_adjuster_finds_her_role_in_the_id_token(world):
    claims = validated(world, world.sign_in(ADA)["id_token"])
    equal(claims["roles"], ["Claims.Adjuster"])
    equal((claims["tid"], claims["oid"]), (TENANT, (await world.user(ADA)).id))


async def the_analyst_has_hers_by_a_group(world):
    equal(validated(world, world.sign_in(INES)["id_token"])["roles"], ["Insights.Analyst"])


async def without_a_role_there_is_no_claim(world):
    equal(validated(world, world.sign_in(NILS)["id_token"]).get("roles"), None)


async def a_wrong_secret_is_refused(world):
    try:
        world.app_only_credential("not-the-secret").get_token(*GRAPH_SCOPES)
    except ClientAuthenticationError as error:
        contains(str(error), "AADSTS7000215")
    else:
        raise AssertionError("a wrong secret was accepted")


async def without_an_application_permission_the_app_is_refused(world):
    app = world.graph(world.app_only_credential())
    await refused(403, "Authorization_RequestDenied", app.users.get())


async def grant_the_app_a_permission_of_graph(world):
    graph = await world.admin.service_principals_with_app_id(GRAPH_APP_ID).get()
    [wanted] = [role for role in graph.app_roles if role.value == "User.Read.All"]
    principal = world.service_principal.id
    assignment = AppRoleAssignment(principal_id=UUID(principal), resource_id=UUID(graph.id), app_role_id=wanted.id)
    made = await world.admin.service_principals.by_service_principal_id(principal).app_role_assignments.post(assignment)
    equal((made.principal_type, made.principal_display_name), ("ServicePrincipal", "claims-portal"))


async def the_app_reads_users_for_itself(world):
    credential = world.app_only_credential()
    claims = payload(credential.get_token(*GRAPH_SCOPES).token)
    equal((claims["roles"], claims["appid"], "scp" in claims), (["User.Read.All"], world.application.app_id, False))
    app = world.graph(credential)
    contains([user.user_principal_name for user in (await app.users.get()).value], ADA)
    await refused(403, "Authorization_RequestDenied", app.applications.get())


async def the_app_has_no_me(world):
    await refused(400, "Request_BadRequest", world.graph(world.app_only_credential()).me.get())


def validated(world, id_token):
    """The claims, after what an app must check: signature, algorithm, issuer, audience, times."""
    keys = jwt.PyJWKClient(f"{world.mock.origin}/{TENANT}/discovery/v2.0/keys", ssl_context=world.tls())
    return jwt.decode(
        id_token,
        keys.get_signing_key_from_jwt(id_token),
        algorithms=["RS256"],
        audience=world.application.app_id,
        issuer=f"{world.mock.origin}/{TENANT}/v2.0",
        options={"require": ["exp", "iat", "nbf", "sub", "tid"]},
    )


BEFORE = [sign_in_as_the_administrator]
AFTER = [
    somebody_without_a_directory_role_cannot_manage_apps_of_others,
    the_adjuster_finds_her_role_in_the_id_token,
    the_analyst_has_hers_by_a_group,
    without_a_role_there_is_no_claim,
    a_wrong_secret_is_refused,
    without_an_application_permission_the_app_is_refused,
    grant_the_app_a_permission_of_graph,
    the_app_reads_users_for_itself,
    the_app_has_no_me,
]
