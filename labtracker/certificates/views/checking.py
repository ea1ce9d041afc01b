"""What anybody finds behind the code on a certificate: whether it is good, the paper, the credential."""

from __future__ import annotations

from flask import Response, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from labtracker.certificates import queries
from labtracker.certificates.drawing import certificate_pdf
from labtracker.certificates.models import Certificate
from labtracker.certificates.rules import CertificateState
from labtracker.certificates.views.blueprint import as_pdf, blueprint
from labtracker.certificates.words import hours_words, skills_words, span_words
from labtracker.extensions import limiter
from labtracker.kit.time import utc_now
from labtracker.web.language import LANGUAGES, language

A_MINUTE = "60 per minute"


@blueprint.get("/C/<secret>")
@blueprint.get("/c/<secret>")
@limiter.limit(A_MINUTE)
def check(secret: str) -> ResponseReturnValue:
    """Whether a certificate is good, and what stands on it; nothing else of the worker."""
    found = queries.certificate_with_secret(secret)
    page = render_template(
        "certificates/check.html",
        certificate=found,
        secret=secret,
        number=queries.number_of(found) if found else None,
        title=found.title_in(language()) if found else None,
        hours=hours_words(found) if found else None,
        days=span_words(found.first_on, found.last_on) if found else None,
        skills=skills_words(found.skills, language()) if found else [],
    )
    return _unseen(make_response(page, 200 if found else 404))


@blueprint.get("/c/<secret>/certificate.pdf")
@limiter.limit(A_MINUTE)
def paper(secret: str) -> ResponseReturnValue:
    """A certificate as PDF, in the language asked for, else the worker's own."""
    found = _standing(secret)
    wish = request.args.get("language") or found.language
    spoken = wish if wish in LANGUAGES else language()
    document = certificate_pdf(found, language=spoken, made_at=utc_now())
    return _unseen(as_pdf(document, f"certificate-{queries.number_of(found)}"))


@blueprint.get("/c/<secret>/credential.jwt")
@limiter.limit(A_MINUTE)
def credential(secret: str) -> ResponseReturnValue:
    """A certificate as a signed Open Badges credential, for wallets and for machines that check."""
    response = Response(_standing(secret).credential, mimetype="application/vc+jwt")
    response.headers["Content-Disposition"] = 'attachment; filename="credential.jwt"'
    response.headers["Cache-Control"] = "no-store"
    return _unseen(response)


def _standing(secret: str) -> Certificate:
    """A certificate that is still good: of another no new copy is given out."""
    found = queries.certificate_with_secret(secret)
    if found is None or found.state is not CertificateState.VALID:
        abort(404)
    return found


def _unseen(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
