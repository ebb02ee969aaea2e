"""A judge of what apps do: people who have registered log in with cardinal-sdk 2.14.0, make their keys and read themselves."""

import json
import sys
import tempfile

plan = json.loads(sys.argv[1])
sys.path.insert(0, plan["packages"])

from cardinal_sdk import CardinalSdk  # noqa: E402
from cardinal_sdk.authentication import UsernamePassword  # noqa: E402
from cardinal_sdk.storage import FileSystemStorage  # noqa: E402


def seen_by(person, folder):
    sdk = CardinalSdk(
        plan["applicationId"],
        plan["url"],
        UsernamePassword(person["email"], person["code"]),
        FileSystemStorage(folder),
    )
    user = sdk.user.get_current_user_blocking()
    if user.patient_id is not None:
        sdk.patient.encrypted.modify_patient_blocking(
            sdk.patient.ensure_encryption_metadata_for_self_is_initialized_blocking()
        )
        itself = sdk.patient.get_patient_blocking(user.patient_id)
        above = itself.responsible
    else:
        itself = sdk.healthcare_party.get_current_healthcare_party_blocking()
        itself = sdk.healthcare_party.get_healthcare_party_blocking(user.healthcare_party_id)
        above = itself.parent_id
    return {
        "group": user.group_id,
        "email": user.email,
        "kind": sdk.data_owner.get_current_data_owner_type_blocking().value,
        "name": [itself.first_name, itself.last_name],
        "above": above,
        "keys": len(itself.public_keys_for_oaep_with_sha256),
        "own keys": len(sdk.crypto.current_data_owner_keys_blocking()),
    }


seen = []
for each in plan["people"]:
    with tempfile.TemporaryDirectory() as folder:
        seen.append(seen_by(each, folder))
print(json.dumps(seen))
