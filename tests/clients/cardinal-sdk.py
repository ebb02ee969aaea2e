"""A judge of the emulator: cardinal-sdk 2.14.0 as it is published on PyPI. Prints what it saw as JSON."""

import json
import re
import sys
import tempfile

plan = json.loads(sys.argv[1])
sys.path.insert(0, plan["packages"])

from cardinal_sdk import CardinalSdk  # noqa: E402
from cardinal_sdk.filters.DeviceFilters import DeviceFilters  # noqa: E402
from cardinal_sdk.filters.UserFilters import UserFilters  # noqa: E402
from cardinal_sdk.authentication import UsernameLongToken, UsernamePassword  # noqa: E402
from cardinal_sdk.model import *  # noqa: E402, F403
from cardinal_sdk.options import SdkOptions  # noqa: E402
from cardinal_sdk.storage import FileSystemStorage  # noqa: E402


storage = tempfile.TemporaryDirectory()


def login(username, secret, method=UsernamePassword):
    return CardinalSdk(None, plan["url"], method(username, secret), FileSystemStorage(storage.name))


def refusal(call):
    try:
        call()
        return "none"
    except Exception as error:  # noqa: BLE001
        status = re.search(r"status code (\d+)", str(error))
        return status[1] if status else str(error)[:300]


seen = {}
admin = login(plan["username"], plan["password"])
group_id = plan["databaseId"]

seen["current"] = admin.user.get_current_user_blocking().id
seen["groups"] = sorted(group.id for group in admin.group.list_groups_blocking())
seen["permissions"] = len(admin.role.get_permissions_blocking())

role = admin.role.create_role_in_group_blocking(group_id, "AUDITOR", {"TopicManagement.Create"}, "Reads", 0)
seen["role"] = [role.id, role.description, role.inheritable_up_to, sorted(role.permissions)]
changed = admin.role.modify_role_permissions_blocking(role.id, {"UserManagement.Search"})
seen["changedRole"] = sorted(changed.permissions)
seen["rolesInGroup"] = len(admin.role.get_all_roles_in_group_blocking(group_id))
admin.group.set_default_roles_blocking(group_id, "USER", ["BASIC_USER", role.id])
defaults = admin.group.get_default_roles_blocking(group_id)
seen["defaultRoles"] = {kind.value: [sorted(one.roles) for one in each] for kind, each in defaults.items()}

# What a program of ours has declared.
for name in ("organisation", "person", "technical"):
    user = admin.user.in_group.get_user_blocking(group_id, plan["users"][name]).entity
    seen[name] = [user.name, user.email, user.login, user.healthcare_party_id]
party = admin.healthcare_party.in_group.get_healthcare_party_blocking(group_id, plan["personId"]).entity
seen["party"] = [party.first_name, party.last_name, party.parent_id]

by_token = login(f"{group_id}/{plan['users']['person']}", plan["token"], UsernameLongToken)
seen["byToken"] = by_token.user.get_current_user_blocking().id
seen["itself"] = by_token.healthcare_party.get_current_healthcare_party_blocking().id
seen["keys"] = len(by_token.data_owner.get_current_data_owner_blocking().data_owner.public_keys_for_oaep_with_sha256)

# Groups: what the provider calls, but for creation, whose young routes no published client has.
solution_id = "ic-judge"
solution = admin.group.create_group_blocking(
    solution_id, "Judge", "a-password", DatabaseInitialisation(), type=GroupType.App, super_group=plan["environmentId"]
)
seen["solution"] = [solution.name, solution.super_group, solution.status and solution.status.value]
database = admin.group.create_group_blocking(
    "ic-judge-db", "Db", "a-password", DatabaseInitialisation(), type=GroupType.Database, super_group=solution_id, q=4, n=2
)
seen["renamed"] = admin.group.modify_group_name_blocking(solution_id, "Judge & Söhne").name
admin.group.set_group_project_id_blocking(solution_id, "com.petra.judge", True)
seen["projectIds"] = [admin.group.get_group_blocking(id).project_id for id in (solution_id, database.id)]
typed = DecryptedTypedValue(type=TypedValuesType.String, string_value="gold")
stub = DecryptedPropertyStub(type=PropertyTypeStub(identifier="plan", type=TypedValuesType.String), typed_value=typed)
changed_group = admin.group.modify_group_properties_blocking(solution_id, ListOfProperties(properties=[stub]))
seen["properties"] = [each.typed_value.string_value for each in changed_group.properties]
seen["hierarchy"] = admin.group.get_hierarchy_blocking(database.id)
[storage_info] = admin.group.get_groups_storage_infos_blocking([database.id])
seen["storage"] = [(part.q, part.n) for part in storage_info.databases_info]
seen["indexes"] = len(admin.group.init_design_docs_blocking(database.id, True, False))
seen["indexing"] = admin.system.get_indexing_info_by_group_blocking(database.id).statuses or {}
admin.group.set_group_project_id_blocking(solution_id, None, True)
seen["withoutProjectId"] = admin.group.get_group_blocking(database.id).project_id
spare = admin.group.get_operation_token_for_group_blocking(plan["environmentId"], Operation.TransferGroup, 600, "spare")
[spare_id] = admin.group.get_group_blocking(plan["environmentId"]).operation_tokens
admin.group.delete_operation_token_blocking(spare_id)

there = login(plan["target"]["username"], plan["target"]["password"])
token = there.group.get_operation_token_blocking(Operation.TransferGroup, 600, "to the target")
seen["transferredTo"] = admin.group.change_super_group_blocking(solution_id, token).super_group
seen["secondUse"] = refusal(lambda: admin.group.change_super_group_blocking(solution_id, token))
seen["there"] = sorted(group.id for group in there.group.list_groups_blocking())
seen["gone"] = there.group.delete_group_blocking(database.id).deletion_date is not None
seen["hardDeleted"] = len(there.group.hard_delete_group_blocking(solution_id)) > 0

# Users, healthcare parties, devices, and what they are found by.
made = admin.user.in_group.create_user_blocking(GroupScoped(User(id="judged", login="judged", name="J"), group_id)).entity
identifier = LoginIdentifier(assigner="petra-id", value="4711")
seen["identifier"] = admin.user.in_group.set_login_identifiers_blocking(GroupScoped(made, group_id), identifier, False)
admin.user.in_group.set_user_roles_blocking(GroupScoped(made, group_id), ["BASIC_USER"])
admin.user.in_group.reset_user_roles_blocking(GroupScoped(made, group_id))
admin.user.in_group.get_token_blocking(made.id, group_id, "ci", token_validity=86400)
latest = admin.user.in_group.get_user_blocking(group_id, made.id).entity
[deleted] = admin.user.in_group.delete_users_by_ids_blocking(
    [GroupScoped(StoredDocumentIdentifier(id=latest.id, rev=latest.rev), group_id)]
)
seen["deleted"] = deleted.entity.id
boss = User(id="boss", login="boss", email="boss@petra.example")
boss = admin.user.in_group.create_admin_user_blocking(GroupScoped(boss, group_id)).entity
boss.name = "The boss"
seen["boss"] = admin.user.in_group.modify_user_blocking(GroupScoped(boss, group_id)).entity.name
boss = admin.user.in_group.get_user_blocking(group_id, boss.id).entity
admin.user.in_group.delete_user_by_id_blocking(GroupScoped(StoredDocumentIdentifier(id=boss.id, rev=boss.rev), group_id))
ward = HealthcareParty(id="ward", name="Ward")
ward = admin.healthcare_party.in_group.create_healthcare_party_blocking(GroupScoped(ward, group_id)).entity
ward.name = "North ward"
ward = admin.healthcare_party.in_group.modify_healthcare_party_blocking(GroupScoped(ward, group_id)).entity
seen["ward"] = ward.name
device = admin.device.create_device_blocking(Device(id="scale", name="Scale"))
seen["devices"] = admin.device.match_devices_by_blocking(DeviceFilters.all())
seen["publicKey"] = admin.healthcare_party.get_public_key_blocking(plan["administratorPartyId"]).hc_party_id
found = admin.user.in_group.filter_users_by_blocking(group_id, UserFilters.all()).next_blocking(10)
seen["found"] = sorted(each.entity.name for each in found)

seen["unknownRole"] = refusal(lambda: admin.group.set_default_roles_blocking(group_id, "USER", ["NONE"]))
admin.group.set_default_roles_blocking(group_id, "USER", ["BASIC_USER"])
admin.role.purge_role_blocking(changed.id, changed.rev)
seen["purged"] = admin.role.get_role_blocking(role.id) is None
print(json.dumps(seen))
