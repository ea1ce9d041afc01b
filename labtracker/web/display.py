"""How instants, days, numbers and money are shown: Jinja filters that know language and zone."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import phonenumbers
from babel.dates import format_interval, format_skeleton, format_time
from babel.numbers import format_currency, format_decimal, format_percent
from flask import Flask, current_app
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup

from labtracker.kit.time import local, utc_now


def install(app: Flask) -> None:
    """Make every function below a filter; ranges are functions."""
    app.jinja_env.filters.update(
        local_time=local_time,
        local_clock=local_clock,
        clock=clock,
        local_day=local_day,
        day_there=day_there,
        day=day,
        plain_day=plain_day,
        telephone=telephone,
        number=number,
        percent=percent,
        hours=hours,
        money=money,
        file_size=file_size,
        breakable=breakable,
    )
    app.jinja_env.globals.update(day_range=day_range, clock_range=clock_range, zone_name=zone_name)


def local_time(instant: datetime | None, zone: str | None = None) -> Markup:
    """Day and time on the clocks of a place, with the zone's short name."""
    if instant is None:
        return Markup("–")
    there = local(instant, zone or office_zone())
    words = f"{_day(there)}, {clock(there.time())} {there.tzname()}"
    return _time(there.isoformat(timespec="minutes"), words)


def local_clock(instant: datetime | None, zone: str | None = None) -> Markup:
    """The time alone on the clocks of a place: 5:58 AM."""
    if instant is None:
        return Markup("–")
    there = local(instant, zone or office_zone())
    return _time(there.isoformat(timespec="minutes"), clock(there.time()))


def clock(value: time | None) -> str:
    """A clock time without a day, as everything says it: 6:00 AM."""
    return "–" if value is None else str(format_time(value, "short", locale=get_locale()))


def local_day(instant: datetime | None, zone: str | None = None) -> Markup:
    """The calendar day of an instant at a place."""
    if instant is None:
        return Markup("–")
    return day(local(instant, zone or office_zone()).date())


def day_there(instant: datetime, zone: str | None = None) -> date:
    """The calendar day of an instant at a place, for what takes days."""
    return local(instant, zone or office_zone()).date()


def day(value: date | None) -> Markup:
    """A calendar day with its weekday: Tue, Apr 14, 2026."""
    return Markup("–") if value is None else _time(value.isoformat(), _day(value))


def plain_day(value: date | None) -> Markup:
    """A calendar day whose weekday says nothing, such as a hire date: Apr 14, 2026."""
    if value is None:
        return Markup("–")
    return _time(value.isoformat(), format_skeleton("yMMMd", value, locale=get_locale()))


def day_range(first: date, last: date) -> Markup:
    """From one day to another, said once: Apr 13 – 16, 2026. A narrow line breaks only behind the dash."""
    if first == last:
        return day(first)
    words = str(format_interval(first, last, skeleton="yMMMd", locale=get_locale()))
    start, dash, end = words.partition("–")
    if not dash or len(start) < 4:
        return Markup('<span class="nowrap">{}</span>').format(words)
    whole = Markup('<span class="nowrap">{}–</span> <span class="nowrap">{}</span>')
    return whole.format(start, end.strip())


def clock_range(first: datetime, last: datetime, zone: str | None = None) -> Markup:
    """From one time of day to another at a place: 6:00 AM – 2:30 PM MDT."""
    start, end = local(first, zone or office_zone()), local(last, zone or office_zone())
    return Markup("{}–{} {}").format(local_clock(first, zone), local_clock(last, zone), start.tzname() or end)


def number(value: float | Decimal | None) -> str:
    """A number with its thousands apart."""
    return "–" if value is None else format_decimal(value, locale=get_locale())


def percent(share: float | None) -> str:
    """A share from 0 to 1 as whole percent."""
    return "–" if share is None else format_percent(share, locale=get_locale())


def hours(minutes: float | None) -> str:
    """Minutes as hours with at most one decimal: 7.5 hours."""
    if minutes is None:
        return "–"
    amount = round(minutes / 60, 1)
    shown = format_decimal(amount, locale=get_locale())
    return ngettext("%(shown)s hour", "%(shown)s hours", 1 if amount == 1 else 2, shown=shown)


def telephone(number: str | None) -> str:
    """A telephone number as people here write it: (719) 555-0100; abroad with its country's code."""
    if not number:
        return "–"
    try:
        parsed = phonenumbers.parse(number, "US")
    except phonenumbers.NumberParseException:
        return number
    at_home = parsed.country_code == 1
    form = (
        phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(parsed, form)


def money(dollars: float | Decimal | None) -> str:
    """Dollars, with cents only where there are any."""
    if dollars is None:
        return "–"
    whole = Decimal(str(dollars)) == int(dollars)
    return format_currency(
        dollars, "USD", format="¤#,##0" if whole else None, locale=get_locale(), currency_digits=not whole
    )


def file_size(count: int) -> str:
    """How large a file is, to one digit after the point: 2.4 MB, 310 kB."""
    if count >= 1_000_000:
        return f"{format_decimal(round(count / 1_000_000, 1), locale=get_locale())} MB"
    return f"{format_decimal(max(1, round(count / 1000)), locale=get_locale())} kB"


def zone_name(zone: str) -> str:
    """A time zone in words: Mountain time."""
    names = {
        "America/Denver": _("Mountain time"),
        "America/Chicago": _("Central time"),
        "America/Los_Angeles": _("Pacific time"),
        "America/New_York": _("Eastern time"),
        "America/Phoenix": _("Arizona time"),
    }
    return names.get(zone, zone.replace("_", " "))


def _day(value: date | datetime) -> str:
    # Babel's skeletons take instants and turn them to UTC, so only the day itself is handed over.
    plain = value.date() if isinstance(value, datetime) else value
    return format_skeleton("yMMMEd", plain, locale=get_locale())


def _time(machine: str, words: Any) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, words)


def office_zone() -> str:
    """The zone of the office: where a place has none of its own, and people's days off are meant."""
    return str(current_app.config["DEFAULT_ZONE"])


def office_today() -> date:
    """The day it is in the office."""
    return local(utc_now(), office_zone()).date()


def breakable(text: str, every: int = 12) -> Markup:
    """A long address with places at which a line may break, where no style can say so (in a mail)."""
    parts = (text[start : start + every] for start in range(0, len(text), every))
    return Markup("<wbr>").join(parts)
