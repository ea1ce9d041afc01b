"""Checks of sites: what is due, a site with its labs, one check with its checklist, conditions and photos."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.attachments.queries import attached_to
from labtracker.attachments.transfer import removals
from labtracker.errors import DomainError
from labtracker.kit.time import local_day, utc_now
from labtracker.labs.models import Lab, SiteReadiness, Worksite
from labtracker.labs.queries import active_labs
from labtracker.labs.queries.readiness import (
    answers_known,
    checklist_of,
    checks_of,
    lapsing,
    open_drafts,
    standing_of,
)
from labtracker.labs.rules.readiness import judge
from labtracker.labs.services import readiness as checks
from labtracker.labs.services.readiness import SUBJECT, Told
from labtracker.labs.wording import VERDICT_KINDS, VERDICTS, amount, finding_words, item_label
from labtracker.scheduling import forms, services
from labtracker.scheduling.models import Deployment
from labtracker.scheduling.queries.readiness import (
    arrival_of,
    checks_visible_to,
    coming_of_trainer,
    readiness_conflicts_of_all,
    waiver_of,
    worksites_checked_by,
)
from labtracker.scheduling.queries.visibility import deployments_visible_to
from labtracker.scheduling.rules.states import DeploymentStatus
from labtracker.scheduling.views.blueprint import READERS, blueprint, load_deployment, tabs, undo
from labtracker.scheduling.wording.conflicts import conflict_words
from labtracker.web.display import office_today
from labtracker.web.edge import commit, load, load_all
from labtracker.web.fields import choose_from
from labtracker.web.filters import id_from_request
from labtracker.web.forms import refuse

MOST_LISTED = 60


@blueprint.app_context_processor
def words_of_checks() -> dict[str, Any]:
    """What verdicts, findings and items are called, for templates."""
    return {
        "verdict_words": VERDICTS,
        "verdict_kinds": VERDICT_KINDS,
        "finding_words": finding_words,
        "item_label": item_label,
        "amount_words": amount,
    }


@blueprint.get("/site-checks")
@roles(*READERS)
def site_checks() -> ResponseReturnValue:
    """What is due: visits whose site is not ready, drafts that wait, checks about to lapse."""
    actor, now = current_actor(), utc_now()
    staff = actor.has(Role.COORDINATOR)
    return render_template(
        "scheduling/site_checks.html",
        staff=staff,
        tabs=tabs(actor, "site_checks"),
        unready=_unready(actor),
        drafts=load_all(open_drafts().limit(MOST_LISTED)) if staff else [],
        lapsing=lapsing(office_today()) if staff else [],
        worksites=load_all(worksites_checked_by(actor, now).order_by(Worksite.name).limit(MOST_LISTED)),
    )


def _unready(actor: Person) -> list[dict[str, Any]]:
    """Coming visits whose site is not ready, the nearest first, with the reasons."""
    now = utc_now()
    visible = deployments_visible_to(actor) if actor.has(Role.COORDINATOR, Role.EMPLOYER) else None
    query = coming_of_trainer(actor, now) if visible is None else visible
    coming = load_all(
        query.where(Deployment.status != DeploymentStatus.CANCELLED, Deployment.blocks_from > now)
        .order_by(Deployment.blocks_from)
        .options(selectinload(Deployment.lab), selectinload(Deployment.worksite))
        .limit(MOST_LISTED)
    )
    found = readiness_conflicts_of_all(coming, None)
    return [
        {
            "deployment": one,
            "arrives_on": arrival_of(one),
            "words": [conflict_words(conflict, one.worksite.zone) for conflict in found[one.id]],
        }
        for one in coming
        if one.id in found
    ]


@blueprint.get("/worksites/<uuid:worksite_id>/checks")
@roles(*READERS)
def site(worksite_id: UUID) -> ResponseReturnValue:
    """How a site stands for each lab today, and all its checks; ``?lab=`` is chosen already."""
    worksite = _load_site(worksite_id)
    today = local_day(utc_now(), worksite.zone)
    rows = load_all(checks_of(worksite))
    finals = [row for row in rows if row.finalised_at]
    labs = [lab for lab in load_all(active_labs()) if checklist_of(lab)]
    form = forms.LabForCheckForm(formdata=None)
    choose_from(form.lab, ((lab.id, lab.name) for lab in labs))
    form.lab.data = id_from_request("lab")
    return render_template(
        "scheduling/site.html",
        worksite=worksite,
        today=today,
        standings=[(lab, standing_of(lab, finals, today)) for lab in labs],
        drafts=[row for row in rows if not row.finalised_at],
        finals=finals,
        form=form,
    )


@blueprint.post("/worksites/<uuid:worksite_id>/checks")
@roles(*READERS)
def begin_check(worksite_id: UUID) -> ResponseReturnValue:
    """Begin a check of a site for a lab, with what is known of the site filled in."""
    worksite, form = _load_site(worksite_id), forms.LabForCheckForm()
    labs = {lab.id: lab for lab in load_all(active_labs()) if checklist_of(lab)}
    choose_from(form.lab, ((lab.id, lab.name) for lab in labs.values()))
    if not form.validate():
        flash(_("Choose the lab that the site is checked for."), "error")
        return redirect(url_for("scheduling.site", worksite_id=worksite.id), 303)
    begun = _begin(worksite, labs[form.lab.data], answers_known(worksite))
    return redirect(url_for("scheduling.site_check", check_id=begun.id), 303)


def _begin(worksite: Worksite, lab: Lab, answers: dict[str, Any]) -> SiteReadiness:
    now = utc_now()
    checks.require_room_for_draft(current_actor())
    told = Told(answers, local_day(now, worksite.zone))
    begun = checks.begin_check(worksite=worksite, lab=lab, told=told, actor=current_actor(), now=now)
    commit()
    return begun


@blueprint.route("/site-checks/<uuid:check_id>", methods=["GET", "POST"])
@roles(*READERS)
def site_check(check_id: UUID) -> ResponseReturnValue:
    """One check: a form while it is a draft of this site's pages, else what it came to."""
    found = load_check(check_id)
    form = _form(found)
    if request.method == "GET":
        return show_check(found, form), 200
    if not form.validate():
        return show_check(found, form), 422
    asked = {one.key for one in form.asked}
    kept = {key: value for key, value in found.answers.items() if key not in asked}
    told = Told({**kept, **form.answers()}, form.checked_on.data, form.expires_on.data, form.notes.data or "")
    try:
        if found.from_phone:
            raise DomainError(
                "from_phone", _("This draft is written on a phone. Go on in a copy of it."), status=409
            )
        checks.keep_check(
            check=found, told=told, actor=current_actor(), now=utc_now(), expected_version=form.seen_version
        )
    except DomainError as error:
        undo()
        found = load_check(check_id)
        refuse(form, error)
        form.version.data, form.version.raw_data = str(found.version), None
        return show_check(found, form), error.form_status
    commit()
    flash(_("Kept."))
    return redirect(url_for("scheduling.site_check", check_id=found.id), 303)


def _load_site(worksite_id: UUID) -> Worksite:
    """A worksite that the actor may check, or 404."""
    return load(worksites_checked_by(current_actor(), utc_now()).where(Worksite.id == worksite_id))


def load_check(check_id: UUID) -> SiteReadiness:
    """A check of a worksite that the actor may check, or 404."""
    return load(checks_visible_to(current_actor(), utc_now()).where(SiteReadiness.id == check_id))


def _form(found: SiteReadiness) -> Any:
    form = forms.with_checklist(forms.CheckForm, checklist_of(found.lab))()
    if request.method == "GET" or not form.is_submitted():
        form.version.data = str(found.version)
        form.checked_on.data, form.expires_on.data = found.checked_on, found.expires_on
        form.notes.data = found.notes or ""
        form.fill_answers(found.answers)
    return form


def show_check(
    found: SiteReadiness,
    form: Any = None,
    *,
    photos: forms.SitePhotosForm | None = None,
    acceptance: forms.AcceptanceForm | None = None,
    refused: str = "",
) -> str:
    """The page of one check; a refused form is shown open."""
    asked = checklist_of(found.lab)
    return render_template(
        "scheduling/site_check.html",
        check=found,
        today=local_day(utc_now(), found.worksite.zone),
        form=form or forms.with_checklist(forms.CheckForm, asked)(formdata=None),
        judgement=judge(asked, found.answers),
        asked=asked,
        accepted={one.finding["key"]: one for one in found.acceptances},
        files=load_all(attached_to(SUBJECT, [found.id])),
        removed=removals(SUBJECT, found.id),
        may_discard=checks.may_discard(found, current_actor()),
        photos=photos or forms.SitePhotosForm(formdata=None),
        acceptance=acceptance or forms.AcceptanceForm(formdata=None),
        refused=refused,
        staff=current_actor().has(Role.COORDINATOR),
    )


def readiness_of(deployment: Deployment) -> dict[str, Any]:
    """What the page of a deployment says of its site: what is not ready, who let it off, may one check it."""
    sites = worksites_checked_by(current_actor(), utc_now()).where(Worksite.id == deployment.worksite_id)
    return {
        "asked": bool(checklist_of(deployment.lab)),
        "words": [
            conflict_words(one, deployment.worksite.zone)
            for one in readiness_conflicts_of_all([deployment], None).get(deployment.id, ())
        ],
        "waiver": waiver_of(deployment),
        "may_check": bool(load_all(sites)),
    }


@blueprint.post("/deployments/<uuid:deployment_id>/readiness-waiver")
@roles(Role.COORDINATOR)
def waive_readiness(deployment_id: UUID) -> ResponseReturnValue:
    """Let a lab go to its site without a check, with a reason."""
    found, form = load_deployment(deployment_id), forms.ReasonForm()
    try:
        services.waive_readiness(
            deployment=found, reason=form.reason.data or "", actor=current_actor(), now=utc_now()
        )
    except DomainError as error:
        undo()
        flash(error.message, "error")
    else:
        commit()
        flash(_("The reason is kept with your name. The visit can be confirmed."))
    return redirect(url_for("scheduling.deployment", deployment_id=deployment_id, _anchor="readiness"), 303)
