"""No deployment is confirmed for a site that is not ready, unless a coordinator says why it may."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.services import record_audit
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.scheduling.models import Deployment, ReadinessWaiver
from labtracker.scheduling.queries.readiness import readiness_conflicts_of_all, waiver_of
from labtracker.scheduling.rules.conflicts import Conflict
from labtracker.scheduling.services.cohorts import require_coordinator
from labtracker.scheduling.services.refusals import conflict_as_dict
from labtracker.scheduling.services.steps import required_reason
from labtracker.scheduling.wording.conflicts import conflict_words


def unready(deployment: Deployment) -> list[Conflict]:
    """What of its site is not ready for a deployment, if nobody let it off."""
    return readiness_conflicts_of_all([deployment], None).get(deployment.id, [])


def require_readiness(deployment: Deployment) -> None:
    """Refuse with ``site_not_ready`` where a deployment's site is not ready when its lab arrives."""
    found = unready(deployment)
    if not found:
        return
    zone = deployment.worksite.zone
    why = " ".join(conflict_words(one, zone) for one in found)
    raise DomainError(
        "site_not_ready",
        _("%(why)s It can be confirmed once the site’s checklist is settled.", why=why),
        status=409,
        conflicts=[conflict_as_dict(one, zone) for one in found],
    )


def waive_readiness(*, deployment: Deployment, reason: str, actor: Person, now: datetime) -> ReadinessWaiver:
    """Let a deployment's lab go to its site without a check that covers it, for a reason that is kept."""
    require_coordinator(actor)
    why = required_reason(reason)
    known = waiver_of(deployment)
    if known is not None:
        return known
    waiver = ReadinessWaiver(
        deployment_id=deployment.id,
        lab_id=deployment.lab_id,
        reason=why,
        given_by=actor,
        at=now,
    )
    db.session.add(waiver)
    db.session.flush()
    record_audit(
        actor,
        "readiness_waived",
        "deployment",
        deployment.id,
        now,
        lab=deployment.lab_id,
        reason=waiver.reason,
    )
    return waiver
