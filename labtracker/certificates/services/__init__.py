"""What can be done about certificates: award, revoke, replace, keep the key that signs them."""

from labtracker.certificates.services.awarding import (
    award,
    issue_certificate,
    replace_certificate,
    revoke_certificate,
)
from labtracker.certificates.services.keys import key_in_use, rotate_key
from labtracker.certificates.services.running import ask_for_certificates, issue_next_part

__all__ = [
    "ask_for_certificates",
    "award",
    "issue_certificate",
    "issue_next_part",
    "key_in_use",
    "replace_certificate",
    "revoke_certificate",
    "rotate_key",
]
