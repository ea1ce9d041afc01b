"""The office's screens of certificates: the list, one of them, revoking, replacing."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.certificates import queries, services
from labtracker.certificates.addresses import check_url, written_secret
from labtracker.certificates.facts import earned_by, is_renamed
from labtracker.certificates.forms import ReasonForm
from labtracker.certificates.models import Certificate
from labtracker.certificates.rules import CertificateState, doubt_about
from labtracker.certificates.views.blueprint import blueprint, certificate_kept
from labtracker.certificates.words import DOUBTS, hours_words, skills_words, span_words
from labtracker.errors import DomainError
from labtracker.kit.time import utc_now
from labtracker.web.edge import commit
from labtracker.web.filters import Choice, text_from_request
from labtracker.web.forms import refuse
from labtracker.web.language import language
from labtracker.web.pagination import page_of, url_with


@blueprint.get("/certificates")
@roles(Role.COORDINATOR)
def certificates() -> str:
    """Every certificate, the newest first; those that somebody has to look at under a filter."""
    show, sought = request.args.get("show", ""), text_from_request("q")
    query = queries.certificates_kept_by(current_actor())
    conditions = {"doubtful": queries.is_doubtful, "renamed": queries.has_other_name}
    if show in conditions:
        query = query.where(conditions[show]())
    for word in sought.split():
        query = query.where(queries.mentions(word))
    page = page_of(query.order_by(Certificate.issued_at.desc(), Certificate.id.desc()))
    return render_template(
        "certificates/certificates.html",
        page=page,
        numbers={row.id: queries.number_of(row) for row in page.rows},
        doubts=_doubts(page.rows),
        show=show,
        sought=sought,
        filters=[
            Choice(label, url_with(show=key or None, page=None), key == show)
            for key, label in (
                ("", _("All")),
                ("doubtful", _("To look at · %(count)s", count=queries.doubtful_count())),
                ("renamed", _("Another name by now")),
            )
        ],
    )


@blueprint.get("/certificates/<uuid:certificate_id>")
@roles(Role.COORDINATOR)
def certificate(certificate_id: UUID) -> str:
    """One certificate: what stands on it, what it is worth, where anybody checks it."""
    found = certificate_kept(certificate_id)
    return render_template(
        "certificates/certificate.html",
        certificate=found,
        number=queries.number_of(found),
        doubt=_doubts([found]).get(found.id),
        renamed=found.state == CertificateState.VALID and is_renamed(found),
        title=found.title_in(language()),
        hours=hours_words(found),
        days=span_words(found.first_on, found.last_on),
        skills=skills_words(found.skills, language()),
        link=check_url(found),
        secret=written_secret(found),
    )


@blueprint.route("/certificates/<uuid:certificate_id>/revocation", methods=["GET", "POST"])
@roles(Role.COORDINATOR)
def revoke(certificate_id: UUID) -> ResponseReturnValue:
    """Revoke a certificate, with a reason."""
    found = certificate_kept(certificate_id)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            services.revoke_certificate(found, reason=form.reason.data, actor=current_actor(), now=utc_now())
        except DomainError as error:
            refuse(form, error)
        else:
            commit()
            flash(_("The certificate is revoked. Its public page says so from now on."))
            return redirect(url_for("certificates.certificate", certificate_id=found.id), 303)
    page = render_template(
        "certificates/revocation.html", certificate=found, form=form, number=queries.number_of(found)
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/certificates/<uuid:certificate_id>/replacement", methods=["GET", "POST"])
@roles(Role.COORDINATOR)
def replace(certificate_id: UUID) -> ResponseReturnValue:
    """Issue a certificate anew from what is known now, such as after a name was corrected."""
    found = certificate_kept(certificate_id)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            newer = services.replace_certificate(
                found, reason=form.reason.data, actor=current_actor(), now=utc_now()
            )
        except DomainError as error:
            refuse(form, error)
        else:
            commit()
            flash(_("The new certificate is issued; the old one’s page says that it was replaced."))
            return redirect(url_for("certificates.certificate", certificate_id=newer.id), 303)
    (earned,) = earned_by([found.enrollment_id])
    page = render_template(
        "certificates/replacement.html",
        certificate=found,
        form=form,
        number=queries.number_of(found),
        earned=earned,
    )
    return page, 422 if form.is_submitted() else 200


def _doubts(rows: Sequence[Certificate]) -> dict[UUID, str]:
    """Why somebody has to look at these certificates, in words, for those that are doubtful."""
    earned = {one.enrollment.id: one for one in earned_by([row.enrollment_id for row in rows])}
    found = {}
    for row in rows:
        behind = earned[row.enrollment_id]
        state = behind.completion.state if behind.completion else None
        closed_out = behind.cohort.closed_out_at is not None
        doubt = doubt_about(state, closed_out=closed_out, same_figures=behind.is_as_on(row))
        if doubt and row.state is CertificateState.VALID:
            found[row.id] = str(DOUBTS[doubt])
    return found
