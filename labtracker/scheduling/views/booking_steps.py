"""The four steps of booking a visit: what each offers, shows of the draft, and keeps in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext

from labtracker.accounts.access import current_actor
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.geography import Point, road_miles
from labtracker.kit.time import local_day, utc_now
from labtracker.labs.models import Course, Worksite
from labtracker.labs.queries import courses_offered, labs_hosting
from labtracker.labs.queries.readiness import checklist_of_all
from labtracker.scheduling import forms, services
from labtracker.scheduling.models import BookingRequest
from labtracker.scheduling.queries.openings import openings_to_ask_for, whereabouts
from labtracker.scheduling.services.checks import worksites_open_to
from labtracker.scheduling.wording.openings import hindrance_words
from labtracker.web.display import number
from labtracker.web.edge import load, load_all
from labtracker.web.fields import choose_from
from labtracker.web.language import language


@dataclass(frozen=True)
class Step:
    """One page of the form: its shape, what it shows of the draft, how it is kept."""

    form: Callable[[BookingRequest], type[Any]]
    prepare: Callable[[Any, BookingRequest], dict[str, Any]]
    keep: Callable[[Any, BookingRequest], None]


def offer_courses(form: Any) -> list[Course]:
    """Fill the list of courses that some lab can bring; gives them."""
    courses = load_all(courses_offered())
    choose_from(
        form.course,
        [
            (
                course.id,
                _(
                    "%(title)s (%(hours)s contact hours)",
                    title=course.title_in(language()),
                    hours=number(course.contact_hours.normalize()),
                ),
            )
            for course in courses
        ],
    )
    return courses


def _prepare_what(form: Any, booking: BookingRequest) -> dict[str, Any]:
    courses = offer_courses(form)
    if request.method == "GET":
        form.course.data = booking.course_id
    return {"courses": courses}


def _keep_what(form: Any, booking: BookingRequest) -> None:
    course = db.session.get(Course, form.course.data)
    services.save_what(booking=booking, course=course, actor=current_actor(), now=utc_now())


def _prepare_where(form: Any, booking: BookingRequest) -> dict[str, Any]:
    worksites = load_all(worksites_open_to(booking.employer_id))
    own = [site for site in worksites if site.organization_id == booking.employer_id]
    home = own[0] if own else None
    hubs = [(site, _miles(home, site)) for site in worksites if site not in own]
    # The nearest first; what lies nobody knows where comes last.
    hubs.sort(key=lambda hub: (hub[1] is None, hub[1] or 0, hub[0].name))
    choose_from(
        form.worksite,
        [
            *((site.id, _with_town(site)) for site in own),
            *((site.id, _open_to_all(site, miles)) for site, miles in hubs),
        ],
    )
    if request.method == "GET":
        form.worksite.data = booking.worksite_id
        form.fill_answers(booking.site_answers or {})
        if booking.worksite is None and len(own) == 1:
            _suggest(form, own[0])
    return {"worksites": worksites}


def _suggest(form: Any, site: Worksite) -> None:
    """Begin with an employer's only worksite and what is known of it."""
    form.worksite.data = site.id
    form.site_contact.data, form.site_phone.data = site.contact_name, site.contact_phone
    form.pad_length_ft.data, form.power_kw.data = site.pad_length_ft, site.power_kw


def _with_town(site: Worksite) -> str:
    return site.name if site.name.endswith(site.city) else f"{site.name}, {site.city}"


def _open_to_all(site: Worksite, miles: int | None) -> str:
    if miles is None:
        return _("%(place)s (open to all)", place=_with_town(site))
    if miles < 1:
        return _("%(place)s (open to all, in the same town)", place=_with_town(site))
    return ngettext(
        "%(place)s (open to all, about %(num)s mile away)",
        "%(place)s (open to all, about %(num)s miles away)",
        miles,
        place=_with_town(site),
    )


def _miles(home: Worksite | None, site: Worksite) -> int | None:
    start, end = (_point(home) if home else None), _point(site)
    return road_miles(start, end) if start and end else None


def _point(site: Worksite) -> Point | None:
    if site.latitude is None or site.longitude is None:
        return None
    return Point(site.latitude, site.longitude)


def _keep_where(form: Any, booking: BookingRequest) -> None:
    query = worksites_open_to(booking.employer_id).where(Worksite.id == form.worksite.data)
    services.save_where(
        booking=booking,
        where=services.Where(
            worksite=load(query),
            site_contact=form.site_contact.data or "",
            site_phone=form.site_phone.data or "",
            pad_length_ft=form.pad_length_ft.data,
            power_kw=form.power_kw.data,
            notes=form.notes.data or "",
            site_answers=form.answers(),
        ),
        actor=current_actor(),
        now=utc_now(),
    )


def _keep_who(form: Any, booking: BookingRequest) -> None:
    services.save_who(
        booking=booking,
        who=services.Who(
            headcount=form.headcount.data,
            weekdays=form.weekdays.data,
            shift_starts=form.shift_starts.data,
            shift_ends=form.shift_ends.data,
            break_minutes=form.break_minutes.data or 0,
            payer=form.payer.data,
            sessions_per_week=form.sessions_per_week.data,
        ),
        actor=current_actor(),
        now=utc_now(),
    )


def _prepare_who(form: Any, booking: BookingRequest) -> dict[str, Any]:
    if request.method == "GET" and booking.headcount is None:
        form.break_minutes.data = 30
        form.weekdays.data = [1, 2, 3, 4, 5]
    return {}


def _prepare_when(form: Any, booking: BookingRequest) -> dict[str, Any]:
    zone = booking.worksite.zone if booking.worksite else "America/Denver"
    found = openings_to_ask_for(booking, local_day(utc_now(), zone))
    form.offer(found.found if found else ())
    if request.method == "GET":
        form.fill(booking)
    reasons = found.worth_telling if found else ()
    places = whereabouts(reasons, booking.worksite) if booking.worksite else {}
    return {
        "reasons": [(one.first_on, one.last_on, hindrance_words(one, places)) for one in reasons],
        "looked": found is not None,
    }


def _keep_when(form: Any, booking: BookingRequest) -> None:
    try:
        services.save_when(booking=booking, windows=form.windows(), actor=current_actor(), now=utc_now())
    except DomainError as error:
        if form.chosen() and error.field:
            # What was chosen from the list came first: what was typed stands one field earlier.
            _name, number, end = error.field.split("_")
            error.field = "opening" if number == "1" else f"window_{int(number) - 1}_{end}"
        raise


def _where_form(booking: BookingRequest) -> type[Any]:
    """The place with what the labs that host the course ask of a site, less what it asks anyway."""
    if booking.course is None:
        return forms.WhereForm
    asked = checklist_of_all(load_all(labs_hosting(booking.course)))
    others = [one for one in asked if one.key not in ("pad_length_ft", "power_kw")]
    return forms.with_checklist(forms.WhereForm, others, tell_needs=False)


PAGES = {
    "what": Step(lambda _booking: forms.WhatForm, _prepare_what, _keep_what),
    "where": Step(_where_form, _prepare_where, _keep_where),
    "who": Step(lambda _booking: forms.WhoForm, _prepare_who, _keep_who),
    "when": Step(lambda _booking: forms.WhenForm, _prepare_when, _keep_when),
}
