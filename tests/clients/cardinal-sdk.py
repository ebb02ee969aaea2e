"""A judge of the emulator: cardinal-sdk 2.14.0 as it is published on PyPI. Prints what it saw as JSON."""

import json
import sys
import tempfile

plan = json.loads(sys.argv[1])
sys.path.insert(0, plan["packages"])

from cardinal_sdk import CardinalSdk  # noqa: E402
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
        return next((str(status) for status in (400, 403, 404, 409) if str(status) in str(error)), str(error)[:300])


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

seen["unknownRole"] = refusal(lambda: admin.group.set_default_roles_blocking(group_id, "USER", ["NONE"]))
admin.group.set_default_roles_blocking(group_id, "USER", ["BASIC_USER"])
admin.role.purge_role_blocking(changed.id, changed.rev)
seen["purged"] = admin.role.get_role_blocking(role.id) is None
print(json.dumps(seen))
