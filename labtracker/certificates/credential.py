"""A certificate as an Open Badges 3.0 credential: what is signed, without the signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
)
STATUS_TYPE = "1EdTechRevocationList"


@dataclass(frozen=True)
class Issuer:
    """Who issues: the provider, and the addresses under which it can be looked up."""

    id: str
    name: str
    url: str
    revocations_url: str

    def profile(self) -> dict[str, Any]:
        """The issuer as credentials carry it and as its own address shows it."""
        return {"id": self.id, "type": ["Profile"], "name": self.name, "url": self.url}


@dataclass(frozen=True)
class Shown:
    """A skill on a scale: its levels from the lowest, the one it counts from, the one that was shown."""

    skill_id: UUID
    name: str
    levels: Sequence[str]
    needed: str
    reached: str

    def description(self) -> dict[str, Any]:
        """The scale, as an achievement describes what its results may be."""
        return {
            "id": self.skill_id.urn,
            "type": ["ResultDescription"],
            "name": self.name,
            "resultType": "PerformanceLevel",
            "allowedValue": list(self.levels),
            "requiredValue": self.needed,
        }

    def result(self) -> dict[str, Any]:
        """The level that was shown."""
        return {"type": ["Result"], "resultDescription": self.skill_id.urn, "value": self.reached}


@dataclass(frozen=True)
class Awarded:
    """What a credential tells: of the worker the name alone, as it stands on the certificate."""

    credential_id: UUID
    subject_id: UUID
    name: str
    course_id: UUID
    course: str
    description: str
    criteria: Sequence[str]
    attended: str
    completed_at: datetime
    issued_at: datetime
    check_url: str
    shown: Sequence[Shown] = ()


def credential_of(awarded: Awarded, issuer: Issuer) -> dict[str, Any]:
    """The credential with the claims by which a token repeats it (Open Badges 3.0, section 8.2).

    The subject's id is a random number made for this credential: the worker is named by the name alone.
    """
    identity, subject = awarded.credential_id.urn, awarded.subject_id.urn
    # Both tell one instant, which has to be the same to the second.
    issued = awarded.issued_at.astimezone(UTC).replace(microsecond=0)
    graded: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    if awarded.shown:
        graded = (
            {"result": [one.result() for one in awarded.shown]},
            {"resultDescription": [one.description() for one in awarded.shown]},
        )
    return {
        "@context": list(CONTEXTS),
        "id": identity,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": awarded.course,
        "issuer": issuer.profile(),
        "validFrom": _written(issued),
        "awardedDate": _written(awarded.completed_at),
        "credentialSubject": {
            "id": subject,
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "identityType": "name",
                    "identityHash": awarded.name,
                    "hashed": False,
                }
            ],
            "narrative": awarded.attended,
            **graded[0],
            "achievement": {
                "id": awarded.course_id.urn,
                "type": ["Achievement"],
                "achievementType": "Certificate",
                "name": awarded.course,
                "description": awarded.description,
                "criteria": {"narrative": "; ".join(awarded.criteria)},
                **graded[1],
            },
        },
        "evidence": [
            {"id": awarded.check_url, "type": ["Evidence"], "name": "Public page of the certificate"}
        ],
        "credentialStatus": {"id": issuer.revocations_url, "type": STATUS_TYPE},
        "iss": issuer.id,
        "jti": identity,
        "sub": subject,
        "nbf": int(issued.timestamp()),
    }


def revocation_list(issuer: Issuer, ended: Sequence[UUID]) -> dict[str, Any]:
    """The credentials that are no longer good, by the ids that only their holders know."""
    return {
        "id": issuer.revocations_url,
        "issuer": issuer.id,
        "revokedCredential": [{"id": one.urn, "revoked": True} for one in ended],
    }


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
