"""What the figures are called and how they are defined, in the reader's language."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from flask_babel import format_date, lazy_gettext, ngettext
from flask_babel import format_percent as percent
from flask_babel import gettext as _

from labtracker.kit.statistics import Rate
from labtracker.reports.completion import Figures
from labtracker.scheduling.rules import DeliveryMode
from labtracker.web.county_map import STEPS

MODES = {
    DeliveryMode.EMPLOYER_SITE: lazy_gettext("Employer site"),
    DeliveryMode.RURAL_HUB: lazy_gettext("Rural hub"),
    DeliveryMode.CAMPUS: lazy_gettext("Campus"),
}
DEFINITIONS = {
    "completion": lazy_gettext(
        "Workers who met their cohort's completion policy, out of all who started. A worker has started "
        "with the first credited minute; those who withdrew after that stay in the count. Only cohorts "
        "that are closed out count, dated by their last session."
    ),
    "attendance": lazy_gettext(
        "Contact hours credited, out of the contact hours scheduled for those enrolled, over the "
        "sessions that were held. Excused hours stay in the scheduled hours; cancelled sessions leave them."
    ),
    "no_show": lazy_gettext(
        "Workers who were enrolled and never attended, out of all enrolled. Who withdrew before the "
        "first session is not counted."
    ),
}


def headline(all_of_them: Figures, by_mode: dict[str, Figures]) -> str:
    """The page's first sentence: "412 of 506 workers who started completed: 81 % (78 % to 85 %)..." """
    rate = all_of_them.completion
    if not rate.whole:
        return _("No cohort is closed out in this view yet, so there is no completion rate to show.")
    low, high = rate.interval or (0.0, 0.0)
    first = ngettext(
        "%(part)s of %(num)s worker who started completed: %(rate)s (%(low)s to %(high)s).",
        "%(part)s of %(num)s workers who started completed: %(rate)s (%(low)s to %(high)s).",
        rate.whole,
        part=rate.part,
        rate=percent(rate.value),
        low=percent(low),
        high=percent(high),
    )
    return " ".join([first, *_by_mode(by_mode)])


def _by_mode(by_mode: dict[str, Figures]) -> list[str]:
    sentences = {
        DeliveryMode.EMPLOYER_SITE: lambda share: _("On employer sites %(share)s.", share=share),
        DeliveryMode.RURAL_HUB: lambda share: _("In rural hubs %(share)s.", share=share),
        DeliveryMode.CAMPUS: lambda share: _("On campus %(share)s.", share=share),
    }
    shown = [(mode, by_mode[mode].completion) for mode in sentences if mode in by_mode]
    shown = [(mode, rate) for mode, rate in shown if rate.whole]
    if len(shown) < 2:
        return []
    return [sentences[mode](percent(rate.value)) for mode, rate in shown]


def in_reading_order(by_mode: dict[str, Figures]) -> dict[str, Figures]:
    """Delivery modes as they are compared: where work is, in town, and the campus beside them."""
    return {mode.value: by_mode[mode.value] for mode in MODES if mode.value in by_mode}


def map_legend() -> list[dict[str, object]]:
    """What each strength of the map's colour means."""
    edges = [percent(step) for step in STEPS]
    between = [_("%(low)s to under %(high)s", low=low, high=high) for low, high in pairwise(edges)]
    labels = [_("under %(high)s", high=edges[0]), *between, _("%(low)s and more", low=edges[-1])]
    levels: list[dict[str, object]] = [
        {"level": number, "label": label} for number, label in enumerate(labels, start=1)
    ]
    return [{"level": 0, "label": _("no cohort")}, *levels]


def mode_name(mode: str) -> str:
    """What a delivery mode is called."""
    return str(MODES[DeliveryMode(mode)])


def month_name(month: str) -> str:
    """A month such as 2026-04 in words."""
    return format_date(date.fromisoformat(f"{month}-01"), "LLLL y")


def bar_row(label: str, rate: Rate, url: str = "") -> dict[str, object]:
    """A rate as a row of the bar chart."""
    low, high = rate.interval or (None, None)
    return {
        "label": label,
        "rate": rate.value,
        "low": low,
        "high": high,
        "count": rate.part,
        "n": rate.whole,
        "url": url,
    }
