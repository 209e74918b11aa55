"""People and groups, and what the SDK does by itself: paging, counting, batches, photos, errors, waiting when throttled."""

import time
from uuid import uuid4

from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.headers_collection import HeadersCollection
from msgraph.generated.models.group import Group
from msgraph.generated.models.password_profile import PasswordProfile
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.models.user import User
from msgraph.generated.users.users_request_builder import UsersRequestBuilder
from msgraph_core.requests.batch_request_content import BatchRequestContent
from msgraph_core.tasks.page_iterator import PageIterator

from checking import contains, equal
from registration import refused
from world import ADA, DOMAIN, OLGA

# The smallest JPEG that is one: a grey pixel.
PICTURE = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300"
    + "01" * 64
    + "ffc0000b080001000101011100ffc4001f0000010501010101010100000000000000000102030405060708090a0b"
    + "ffda0008010100003f00d2cf20ffd9"
)


async def page_through_all_users(world):
    first = await world.admin.users.get(users_query(top=3, select=["id", "userPrincipalName"]))
    equal(len(first.value), 3)
    seen = []
    await PageIterator(first, world.admin.request_adapter).iterate(lambda user: seen.append(user.user_principal_name) or True)
    everybody = (await world.admin.users.get(users_query(top=999))).value
    equal(sorted(seen), sorted(user.user_principal_name for user in everybody))


async def count_search_and_order(world):
    eventual = {"ConsistencyLevel": "eventual"}
    answer = await world.admin.users.get(
        users_query(headers=eventual, count=True, search='"displayName:Ben"', orderby=["userPrincipalName"])
    )
    equal((answer.odata_count, [user.display_name for user in answer.value]), (2, ["Ben Carter", "Ben Carter"]))
    number = await world.admin.users.count.get(RequestConfiguration(headers=headers_of(eventual)))
    equal(number, len((await world.admin.users.get(users_query(top=999))).value))
    await refused(400, "Request_UnsupportedQuery", world.admin.users.get(users_query(search='"displayName:Ben"')))


async def filter_users(world):
    answer = await world.admin.users.get(users_query(filter=f"userPrincipalName eq '{ADA}'"))
    equal([user.user_principal_name for user in answer.value], [ADA])
    await refused(400, "BadRequest", world.admin.users.get(users_query(filter="displayName eq")))


async def create_change_and_delete_a_user(world):
    made = await world.admin.users.post(
        User(
            account_enabled=True,
            display_name="Tess Trainee",
            mail_nickname="tess",
            user_principal_name=f"tess.trainee@{DOMAIN}",
            password_profile=PasswordProfile(password="Practice-2026", force_change_password_next_sign_in=False),
        )
    )
    tess = world.admin.users.by_user_id(made.id)
    await tess.patch(User(job_title="Trainee", business_phones=["+1 555 0100"]))
    kept = await tess.get()
    equal((kept.job_title, kept.business_phones, kept.display_name), ("Trainee", ["+1 555 0100"], "Tess Trainee"))
    await tess.delete()
    await refused(404, "Request_ResourceNotFound", tess.get())


async def create_a_group_with_a_member(world):
    name = f"Trainees {uuid4()}"
    made = await world.admin.groups.post(
        Group(display_name=name, mail_nickname="trainees", mail_enabled=False, security_enabled=True)
    )
    group = world.admin.groups.by_group_id(made.id)
    ada = await world.user(ADA)
    reference = ReferenceCreate(odata_id=f"https://graph.microsoft.com/v1.0/directoryObjects/{ada.id}")
    await group.members.ref.post(reference)
    equal([member.id for member in (await group.members.get()).value], [ada.id])
    contains([it.id for it in (await world.admin.users.by_user_id(ada.id).member_of.get()).value], made.id)
    await group.members.by_directory_object_id(ada.id).ref.delete()
    equal((await group.members.get()).value, [])
    await group.delete()
    await refused(404, "Request_ResourceNotFound", group.get())


async def put_and_read_a_photo(world):
    photo = world.admin.me.photo
    await refused(404, "ImageNotFound", photo.content.get())
    await photo.content.put(PICTURE)
    equal(await photo.content.get(), PICTURE)
    equal((await photo.get()).additional_data["@odata.mediaContentType"], "image/jpeg")


async def three_calls_in_one_batch(world):
    batch = BatchRequestContent()
    calls = [
        world.admin.me.to_get_request_information(),
        world.admin.users.by_user_id(ADA).to_get_request_information(),
        world.admin.users.by_user_id(str(uuid4())).to_get_request_information(),
    ]
    ids = []
    for call in calls:
        before = set(batch.requests)
        batch.add_request_information(call)
        [added] = set(batch.requests) - before
        ids.append(added)
    statuses = (await world.admin.batch.post(batch)).get_response_status_codes()
    equal([statuses[it] for it in ids], [200, 200, 404])


async def a_throttled_call_is_repeated_after_the_pause(world):
    seq = world.mock.last_seq()
    world.mock.inject("graphThrottled")
    begin = time.monotonic()
    equal((await world.admin.me.get()).user_principal_name, OLGA)
    waited = time.monotonic() - begin
    calls = [event for event in world.mock.events_since(seq) if event["kind"] == "graph"]
    equal([call["status"] for call in calls], [429, 200])
    pause = int(calls[0]["response"]["headers"]["retry-after"])
    if waited < pause:
        raise AssertionError(f"the SDK waited {waited:.2f} s, and Retry-After was {pause} s")


def users_query(headers=None, **parameters):
    query = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(**parameters)
    return RequestConfiguration(query_parameters=query, headers=headers_of(headers or {}))


def headers_of(values):
    headers = HeadersCollection()
    for name, value in values.items():
        headers.try_add(name, value)
    return headers


ORDER = [
    page_through_all_users,
    count_search_and_order,
    filter_users,
    create_change_and_delete_a_user,
    create_a_group_with_a_member,
    put_and_read_a_photo,
    three_calls_in_one_batch,
    a_throttled_call_is_repeated_after_the_pause,
]
