"""The worker's own page: training, release, certificates, a word to the college, closing it."""

from __future__ import annotations

from uuid import UUID

from flask import Response, abort, current_app, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.certificates.addresses import written_secret
from labtracker.certificates.rules import CertificateState
from labtracker.certificates.transcript import certificate_words, result_words, transcript_of, transcript_pdf
from labtracker.errors import DomainError
from labtracker.kit.time import utc_now
from labtracker.own_page import queries, services
from labtracker.own_page.forms import ReleaseForm, WordForm
from labtracker.own_page.models import OwnVisit
from labtracker.own_page.training import Training, training_of
from labtracker.own_page.views.blueprint import PATH, blueprint, for_the_worker, forget
from labtracker.roster.drawing.qr import draw_qr
from labtracker.roster.queries import active_badge, standing_release
from labtracker.roster.rules.badges import badge_url, short_code, shown_code
from labtracker.web.edge import commit, load_all
from labtracker.web.forms import refuse
from labtracker.web.language import language


@blueprint.get(PATH)
@for_the_worker
def page(visit: OwnVisit) -> ResponseReturnValue:
    """What a worker attended, what is missing, what comes next, and what they earned."""
    return _page(visit, ReleaseForm())


@blueprint.post(f"{PATH}/release")
@for_the_worker
def release(visit: OwnVisit) -> ResponseReturnValue:
    """Say whether the employer may see one's attendance by name, or say otherwise later."""
    form = ReleaseForm()
    if not form.validate_on_submit():
        return _page(visit, form), 422
    granted = form.answer.data == "yes"
    try:
        services.answer_release(visit.worker, granted=granted, now=utc_now())
    except DomainError as error:
        refuse(form, error)
        return _page(visit, form), error.status
    commit()
    employer = visit.worker.employer.name
    flash(
        _("Saved. %(employer)s may see your training by name.", employer=employer)
        if granted
        else _("Saved. %(employer)s does not see your training by name.", employer=employer)
    )
    return redirect(url_for("own_page.page", _anchor="release"), 303)


@blueprint.get(f"{PATH}/transcript.pdf")
@for_the_worker
def transcript(visit: OwnVisit) -> ResponseReturnValue:
    """All of a worker's training on paper, in the language of the page."""
    lines = transcript_of(visit.worker)
    document = transcript_pdf(visit.worker, lines, language=language(), made_at=utc_now())
    response = Response(document, mimetype="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="transcript.pdf"'
    return response


@blueprint.route(f"{PATH}/message", methods=["GET", "POST"])
@blueprint.route(f"{PATH}/sessions/<uuid:session_id>/message", methods=["GET", "POST"])
@for_the_worker
def write(visit: OwnVisit, session_id: UUID | None = None) -> ResponseReturnValue:
    """Tell the college that something is wrong, such as a time in one session."""
    form = WordForm()
    training = training_of(visit.worker, now=utc_now())
    session = training.session(session_id) if session_id else None
    if session_id is not None and session is None:
        abort(404)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            services.write_word(visit.worker, form.text.data, session=session, now=utc_now())
        except DomainError as error:
            refuse(form, error)
            status = error.status
        else:
            commit()
            flash(_("Thank you. The college reads it and sets right what is wrong."))
            return redirect(url_for("own_page.page"), 303)
    return render_template("own_page/write.html", form=form, session=session), status


@blueprint.post(f"{PATH}/end")
@for_the_worker
def end(visit: OwnVisit) -> ResponseReturnValue:
    """Close the page in this browser."""
    services.end_visit(visit, now=utc_now())
    return _closed()


@blueprint.post(f"{PATH}/end-everywhere")
@for_the_worker
def end_everywhere(visit: OwnVisit) -> ResponseReturnValue:
    """Close the page in every browser, such as after a phone was lost."""
    services.end_visits_of(visit.worker, actor=None, now=utc_now())
    return _closed()


def _closed() -> ResponseReturnValue:
    commit()
    flash(_("Your page is closed here."))
    response = make_response(redirect(url_for("own_page.ask"), 303))
    forget(response)
    return response


def _page(visit: OwnVisit, form: ReleaseForm) -> str:
    worker, now = visit.worker, utc_now()
    training = training_of(worker, now=now)
    badge = active_badge(worker)
    answer = queries.last_answer(worker)
    return render_template(
        "own_page/page.html",
        visit=visit,
        worker=worker,
        training=training,
        now=now,
        form=form,
        is_asked=answer is None and standing_release(worker) is None and bool(training.groups),
        release=standing_release(worker),
        answer=answer,
        papers=_papers(training),
        results={group.enrollment.id: result_words(group.line) for group in training.groups},
        written=load_all(queries.words_of(worker).limit(5)),
        drawing=draw_qr(_address(badge.secret)) if badge else None,
        code=shown_code(short_code(badge.badge_hash)) if badge else None,
    )


def _papers(training: Training) -> list[tuple[str, str, str]]:
    """Of each valid certificate the course, its number in words, and the secret of its page."""
    return [
        (
            group.line.certificate.title_in(language()),
            certificate_words(group.line),
            written_secret(group.line.certificate),
        )
        for group in training.groups
        if group.line.certificate is not None and group.line.certificate.state is CertificateState.VALID
    ]


def _address(secret: bytes) -> str:
    return badge_url(secret, current_app.config["BADGE_HOSTS"][0])
