"""The addresses that certificates and credentials carry to the outside."""

from __future__ import annotations

from labtracker.accounts.provider import provider_name
from labtracker.certificates.credential import Issuer
from labtracker.certificates.models import Certificate
from labtracker.jobs.mail import public_url
from labtracker.roster.rules.badges import badge_id


def written_secret(certificate: Certificate) -> str:
    """The 26 characters under which a certificate's secret stands in its address."""
    return badge_id(certificate.secret)


def check_url(certificate: Certificate) -> str:
    """The public page of a certificate."""
    return public_url("certificates.check", secret=written_secret(certificate))


def key_url(key_id: str) -> str:
    """Where the public half of a key is published."""
    return public_url("certificates.key", key_id=key_id)


def issuer() -> Issuer:
    """The provider as an issuer of credentials."""
    return Issuer(
        id=public_url("certificates.issuer_profile"),
        name=provider_name(),
        url=public_url("web.home"),
        revocations_url=public_url("certificates.revocations"),
    )
