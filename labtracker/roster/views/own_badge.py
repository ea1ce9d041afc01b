"""What a badge's address opens on any phone: the code to show, the next session, nothing of the person."""

from __future__ import annotations

from flask import Response, abort, jsonify, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.provider import provider_name
from labtracker.extensions import limiter
from labtracker.kit.time import utc_now
from labtracker.roster import queries
from labtracker.roster.drawing.badge_picture import badge_picture
from labtracker.roster.drawing.qr import draw_qr
from labtracker.roster.models import Badge
from labtracker.roster.rules import badges as rule
from labtracker.roster.views.badges import address_of
from labtracker.roster.views.blueprint import blueprint
from labtracker.web.language import speak

A_MINUTE = "60 per minute"
ICONS = (("icon.svg", "image/svg+xml", "any"), ("icon-192.png", "image/png", "192x192"))


@blueprint.get("/B/<badge_id>")
@blueprint.get("/b/<badge_id>")
@limiter.limit(A_MINUTE)
def public_badge(badge_id: str) -> ResponseReturnValue:
    """What the badge's address shows to whoever opens it: program and next session, nothing of the person.

    The code to scan says no more than the address itself, so a phone can stand in for the paper badge.
    """
    badge = _with_id(badge_id)
    in_use = badge if badge and not badge.revoked_at else None
    holder = queries.holder_of(badge) if badge else None
    if holder:
        speak(holder.language)
    response = make_response(
        render_template(
            "roster/public_badge.html",
            badge=badge,
            badge_id=rule.badge_id(badge.secret).lower() if badge else None,
            has_newer=bool(badge and holder and not in_use and queries.badges_in_use(holder)),
            session=queries.next_session_of(holder, utc_now()) if in_use and holder else None,
            drawing=draw_qr(address_of(in_use)) if in_use else None,
            code=_code_of(in_use) if in_use else None,
        ),
        200 if badge else 404,
    )
    return _unseen(response)


@blueprint.get("/b/<badge_id>/badge.png")
@limiter.limit(A_MINUTE)
def badge_png(badge_id: str) -> ResponseReturnValue:
    """A badge in use as a picture to keep on the phone, for a door without signal."""
    badge = _in_use(badge_id)
    saying = _("Show this badge at the lab's door.")
    picture = badge_picture(address_of(badge), code=_code_of(badge), saying=saying)
    response = Response(picture, mimetype="image/png")
    response.headers["Content-Disposition"] = f'attachment; filename="{_("badge")}.png"'
    return _unseen(response)


@blueprint.get("/b/<badge_id>/badge.webmanifest")
@limiter.limit(A_MINUTE)
def badge_manifest(badge_id: str) -> ResponseReturnValue:
    """What a phone asks for when the badge's page is put on its home screen."""
    badge = _in_use(badge_id)
    here = url_for("roster.public_badge", badge_id=rule.badge_id(badge.secret).lower())
    response = jsonify(
        {
            "id": here,
            "start_url": here,
            "scope": here,
            "name": _("Training badge: %(provider)s", provider=provider_name()),
            "short_name": _("Badge"),
            "display": "minimal-ui",
            "background_color": "#FFFFFF",
            "theme_color": "#0E5A4F",
            "icons": [
                {"src": url_for("static", filename=f"img/{name}"), "type": kind, "sizes": sizes}
                for name, kind, sizes in ICONS
            ],
        }
    )
    response.mimetype = "application/manifest+json"
    return _unseen(response)


def _with_id(badge_id: str) -> Badge | None:
    secret = rule.secret_of(badge_id) if len(badge_id) == rule.ID_LENGTH else None
    return queries.resolve_badge(rule.badge_hash(secret)) if secret else None


def _in_use(badge_id: str) -> Badge:
    badge = _with_id(badge_id)
    if badge is None or badge.revoked_at is not None:
        abort(404)
    speak(queries.holder_of(badge).language)
    return badge


def _code_of(badge: Badge) -> str:
    return rule.shown_code(rule.short_code(badge.badge_hash))


def _unseen(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
