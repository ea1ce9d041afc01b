"""No deployment is confirmed for a site that is not ready, unless a coordinator says why it may.

What an employer answers of the checklist while booking becomes a draft of the site's check.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.services import record_audit
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import local_day
from labtracker.labs.models import SiteReadiness
from labtracker.labs.queries import labs_hosting
from labtracker.labs.queries.readiness import answers_known, checklist_of, open_drafts
from labtracker.labs.services.readiness import Told, begin_check, keep_check
from labtracker.scheduling.models import BookingRequest, Deployment, ReadinessWaiver
from labtracker.scheduling.queries.readiness import readiness_conflicts_of_all, waiver_of
from labtracker.scheduling.rules.conflicts import Conflict
from labtracker.scheduling.services.cohorts import require_coordinator
from labtracker.scheduling.services.refusals import conflict_as_dict
from labtracker.scheduling.services.steps import required_reason
from labtracker.scheduling.wording.conflicts import conflict_words


def draft_check(booking: BookingRequest, *, actor: Person, now: datetime) -> SiteReadiness | None:
    """Make a draft of the site's check of what a booking answered, for a coordinator to look at.

    It is for the first lab that hosts the course and says what it needs; facts of a site hold for other labs
    as well. A draft that waits for that lab already gets the answers besides. Places open to all are checked
    by the provider, whatever was answered.
    """
    site, course, told = booking.worksite, booking.course, booking.site_answers
    if not told or site is None or course is None or site.organization_id != booking.employer_id:
        return None
    lab = next((one for one in db.session.scalars(labs_hosting(course)) if checklist_of(one)), None)
    if lab is None:
        return None
    offered = {"pad_length_ft": booking.pad_length_ft, "power_kw": booking.power_kw}
    told = {**{key: value for key, value in offered.items() if value is not None}, **told}
    today = local_day(now, site.zone)
    waiting = db.session.scalars(
        open_drafts().where(
            SiteReadiness.worksite_id == site.id,
            SiteReadiness.lab_id == lab.id,
            SiteReadiness.from_phone.is_(False),
        )
    ).first()
    if waiting is None:
        known = Told({**answers_known(site), **told}, today)
        return begin_check(worksite=site, lab=lab, told=known, actor=actor, now=now)
    known = Told({**waiting.answers, **told}, today, notes=waiting.notes or "")
    return keep_check(check=waiting, told=known, actor=actor, now=now)


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
