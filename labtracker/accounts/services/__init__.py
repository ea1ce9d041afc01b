"""What people do to accounts, by verb; every write names its actor and its moment and only flushes."""

from labtracker.accounts.services.audit import record_audit
from labtracker.accounts.services.devices import (
    Pairing,
    create_pairing_code,
    device_by_token,
    redeem_pairing_code,
    revoke_device,
)

__all__ = [
    "Pairing",
    "create_pairing_code",
    "device_by_token",
    "record_audit",
    "redeem_pairing_code",
    "revoke_device",
]
