"""What people do to accounts, by verb; every write names its actor and its moment and only flushes."""

from labtracker.accounts.services.audit import record_audit
from labtracker.accounts.services.devices import (
    Pairing,
    create_pairing_code,
    device_by_token,
    redeem_pairing_code,
    revoke_device,
)
from labtracker.accounts.services.links import Purpose, issue_link, person_of_link, use_link
from labtracker.accounts.services.passwords import change_password, set_password
from labtracker.accounts.services.profile import edit_person
from labtracker.accounts.services.sign_ins import end_other_sign_ins, end_sign_in
from labtracker.accounts.services.signing_in import (
    ask_for_link,
    begin_password_try,
    reset_password,
    sign_in_with_link,
    sign_in_with_password,
)

__all__ = [
    "Pairing",
    "Purpose",
    "ask_for_link",
    "begin_password_try",
    "change_password",
    "create_pairing_code",
    "device_by_token",
    "edit_person",
    "end_other_sign_ins",
    "end_sign_in",
    "issue_link",
    "person_of_link",
    "record_audit",
    "redeem_pairing_code",
    "reset_password",
    "revoke_device",
    "set_password",
    "sign_in_with_link",
    "sign_in_with_password",
    "use_link",
]
