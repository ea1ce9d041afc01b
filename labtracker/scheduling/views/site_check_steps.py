"""What becomes of a check: final, continued, thrown away; its conditions accepted, its photos attached."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.attachments.models import Attachment
from labtracker.attachments.queries import attached_to
from labtracker.attachments.quotas import room_of
from labtracker.attachments.services import attach, read_uploads, remove_attachment, status_of
from labtracker.attachments.transfer import download, files_sent, refusals
from labtracker.errors import DomainError
from labtracker.kit.time import local_day, utc_now
from labtracker.labs.models import SiteReadiness
from labtracker.labs.services import readiness as checks
from labtracker.labs.services.readiness import SUBJECT, Told
from labtracker.scheduling import forms, services
from labtracker.scheduling.views.blueprint import READERS, blueprint, undo
from labtracker.scheduling.views.site_checks import load_check, show_check
from labtracker.scheduling.views.thread import say_verdicts
from labtracker.web.edge import commit, let_others_write, load
from labtracker.web.forms import refuse
from labtracker.web.uploads import takes_files

PHOTO = "site_photo"


def _home(check_id: UUID, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("scheduling.site_check", check_id=check_id, _anchor=anchor), 303)


@blueprint.post("/site-checks/<uuid:check_id>/finalisation")
@roles(Role.COORDINATOR)
def finalise_check(check_id: UUID) -> ResponseReturnValue:
    """Make a draft final."""
    found, form = load_check(check_id), forms.ReasonForm()
    try:
        services.finalise_check(
            check=found, actor=current_actor(), now=utc_now(), expected_version=form.seen_version
        )
    except DomainError as error:
        undo()
        flash(error.message, "error")
    else:
        commit()
        flash(_("The check is final."))
    return _home(check_id)


@blueprint.post("/site-checks/<uuid:check_id>/continuation")
@roles(*READERS)
def continue_check(check_id: UUID) -> ResponseReturnValue:
    """Begin a new check with the answers of one that is final, or is written on a phone."""
    found, now = load_check(check_id), utc_now()
    checks.require_room_for_draft(current_actor())
    told = Told(found.answers, local_day(now, found.worksite.zone), notes=found.notes or "")
    begun = checks.begin_check(
        worksite=found.worksite, lab=found.lab, told=told, actor=current_actor(), now=now
    )
    commit()
    return _home(begun.id)


@blueprint.post("/site-checks/<uuid:check_id>/discarding")
@roles(*READERS)
def discard_check(check_id: UUID) -> ResponseReturnValue:
    """Throw a draft away."""
    found = load_check(check_id)
    worksite_id = found.worksite_id
    try:
        checks.discard_check(check=found, actor=current_actor(), now=utc_now())
    except DomainError as error:
        undo()
        flash(error.message, "error")
        return _home(check_id)
    commit()
    flash(_("The draft is gone."))
    return redirect(url_for("scheduling.site", worksite_id=worksite_id), 303)


@blueprint.post("/site-checks/<uuid:check_id>/acceptances/<key>")
@roles(Role.COORDINATOR)
def accept_condition(check_id: UUID, key: str) -> ResponseReturnValue:
    """Accept one condition, with a note."""
    found, form = load_check(check_id), forms.AcceptanceForm()
    try:
        services.accept_condition(
            check=found, key=key, note=form.note.data or "", actor=current_actor(), now=utc_now()
        )
    except DomainError as error:
        undo()
        refuse(form, error)
        return show_check(load_check(check_id), acceptance=form, refused=key), error.form_status
    commit()
    flash(_("The condition is accepted, with your name."))
    return _home(check_id, "conditions")


@blueprint.post("/site-checks/<uuid:check_id>/attachments")
@roles(*READERS)
@takes_files
def attach_to_check(check_id: UUID) -> ResponseReturnValue:
    """Attach photos and papers to a draft, or to a check that is final."""
    load_check(check_id)
    uploads, form = files_sent(), forms.SitePhotosForm()
    room = room_of(current_actor(), utc_now())
    let_others_write()
    readings = read_uploads(uploads, room)
    found = load_check(check_id)
    verdicts = attach(
        readings, subject_kind=SUBJECT, subject_id=found.id, kind=PHOTO, actor=current_actor(), now=utc_now()
    )
    commit()
    if not any(verdict.attachment for verdict in verdicts):
        form.files.errors = refusals(verdicts) or [_("Choose at least one file.")]
        return show_check(found, photos=form), status_of(verdicts)
    say_verdicts(verdicts)
    return _home(check_id, "files")


@blueprint.get("/site-checks/<uuid:check_id>/attachments/<uuid:attachment_id>")
@roles(*READERS)
def check_attachment(check_id: UUID, attachment_id: UUID) -> Response:
    """Download a photo or paper of a check."""
    return download(_file(load_check(check_id), attachment_id))


@blueprint.post("/site-checks/<uuid:check_id>/attachments/<uuid:attachment_id>/removal")
@roles(*READERS)
def detach_from_check(check_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    """Remove a photo or paper of a draft; those of a final check stay."""
    found = load_check(check_id)
    file = _file(found, attachment_id)
    if found.finalised_at is not None:
        flash(_("This check is final: its files stay."), "error")
        return _home(check_id, "files")
    remove_attachment(file, actor=current_actor(), now=utc_now())
    commit()
    flash(_("%(name)s is removed.", name=file.name))
    return _home(check_id, "files")


def _file(found: SiteReadiness, attachment_id: UUID) -> Attachment:
    return load(attached_to(SUBJECT, [found.id]).where(Attachment.id == attachment_id))
