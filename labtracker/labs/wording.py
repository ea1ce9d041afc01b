"""What the items of a checklist, its answers and its findings are called, in the reader's language."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from labtracker.labs.rules.needs import ITEMS, Group, Kind, Question
from labtracker.labs.rules.readiness import Finding, Verdict

GROUPS: dict[Group, Any] = {
    Group.PAD: _l("The pad"),
    Group.WAY_IN: _l("The way in"),
    Group.POWER: _l("Power"),
    Group.WATER: _l("Water"),
    Group.SIGNAL: _l("Signal"),
    Group.SAFETY: _l("Safety"),
    Group.PEOPLE: _l("For the people"),
    Group.SITE: _l("The site"),
}

UNITS: dict[str, Any] = {"ft": _l("ft"), "lb": _l("lb"), "kW": _l("kW")}

VERDICTS: dict[str, Any] = {
    Verdict.READY: _l("ready"),
    Verdict.CONDITIONS: _l("ready with conditions"),
    Verdict.NOT_READY: _l("not ready"),
    Verdict.INCOMPLETE: _l("not complete"),
}
VERDICT_KINDS = {
    Verdict.READY: "in",
    Verdict.CONDITIONS: "look",
    Verdict.NOT_READY: "refused",
    Verdict.INCOMPLETE: "",
}

# key: what it is called in a list, and how it is asked
ITEM_WORDS: dict[str, tuple[Any, Any]] = {
    "pad_length_ft": (_l("Length of the pad"), _l("How long is the level pad, in feet?")),
    "pad_width_ft": (_l("Width of the pad"), _l("How wide is it, in feet?")),
    "slide_out_ft": (_l("Room to slide out"), _l("How many feet are free beside it for slide-outs?")),
    "slope_percent": (_l("Slope of the pad"), _l("How steep is it, in percent? Level is 0.")),
    "surface": (_l("Surface"), _l("What is its surface?")),
    "load_lb": (_l("Load it bears"), _l("What weight does it bear, in pounds? A truck yard bears 80,000.")),
    "clearance_ft": (
        _l("Clearance overhead"),
        _l("How high is the lowest wire, branch or gate on the way, in feet?"),
    ),
    "turning_ft": (_l("Room to turn"), _l("How many feet across is the widest place to turn?")),
    "power_kw": (_l("Power it gives"), _l("How many kilowatts can the site give?")),
    "volts": (_l("Voltage"), _l("At which voltage?")),
    "amps": (_l("Current"), _l("How many amps does the breaker allow?")),
    "phase": (_l("Phases"), _l("How many phases: 1 or 3?")),
    "receptacle": (_l("Receptacle"), _l("Which receptacle?")),
    "cord_ft": (_l("Cord run"), _l("How many feet is it from the receptacle to the pad?")),
    "lock_out": (_l("Contact for lock-out"), _l("Is there somebody who may lock out the circuit?")),
    "water": (_l("Water connection"), _l("Is there water within reach?")),
    "drain": (_l("Drain"), _l("Is there a drain for waste water?")),
    "signal": (
        _l("Cell signal"),
        _l("Does a cell phone have signal on the pad? Name the carriers in the notes."),
    ),
    "wifi": (_l("Wi-Fi"), _l("Is there Wi-Fi that the crew may use?")),
    "fire_lane": (_l("Fire lane"), _l("Does the fire lane stay free?")),
    "hot_work": (_l("Hot-work permit"), _l("Is hot work allowed there, with a permit where one is needed?")),
    "gas_bottles": (_l("Gas bottles allowed"), _l("May gas bottles stand beside the lab?")),
    "fumes": (_l("Fumes blow off"), _l("Can fumes blow off without reaching windows or air intakes?")),
    "lighting": (_l("Lighting"), _l("Is the pad lit before dawn and after dusk?")),
    "accessible_entry": (_l("Accessible entry"), _l("Can somebody in a wheelchair reach the lab’s ramp?")),
    "restrooms": (_l("Restrooms"), _l("Are there restrooms that the workers may use?")),
    "shade_or_heat": (_l("Shade or heat"), _l("Is there a shaded or heated place for breaks?")),
    "protective_gear": (_l("Protective gear"), _l("Does everybody know which protective gear is needed?")),
    "gate": (
        _l("Gate and escort"),
        _l("Can the crew come in at that hour, with an escort if need be?"),
    ),
    "snow": (_l("Snow cleared"), _l("Is snow cleared from the way and the pad?")),
    "insurance": (_l("Insurance"), _l("Does the site’s insurance cover the visit?")),
    "shift_contact": (_l("Contact for each shift"), _l("Is there somebody to call during each shift?")),
}

CHOICES: dict[str, Any] = {
    "concrete": _l("concrete"),
    "asphalt": _l("asphalt"),
    "gravel": _l("packed gravel"),
    "dirt": _l("bare ground"),
    "grass": _l("grass"),
    "120": _l("120 volts"),
    "208": _l("208 volts"),
    "240": _l("240 volts"),
    "480": _l("480 volts"),
    "nema_14_50": _l("NEMA 14-50"),
    "nema_14_60": _l("NEMA 14-60"),
    "cs_6369": _l("CS6369, 50 amps"),
    "pin_sleeve_60": _l("pin and sleeve, 60 amps"),
    "pin_sleeve_100": _l("pin and sleeve, 100 amps"),
    "hard_wired": _l("wired by an electrician"),
}


def item_label(key: str) -> str:
    """What an item is called in a list."""
    return str(ITEM_WORDS[key][0])


def question_words(key: str) -> str:
    """How an item is asked."""
    return str(ITEM_WORDS[key][1])


def amount(key: str, value: Any) -> str:
    """A figure, a choice or a yes of an item, with its unit."""
    item = ITEMS[key]
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if item.kind is Kind.ONE_OF:
        chosen = [value] if isinstance(value, str) else list(value)
        return _(" or ").join(str(CHOICES[one]) for one in chosen)
    number = f"{value:,}"
    gap = "" if item.unit in {"", "%"} else " "
    return f"{number}{gap}{UNITS.get(item.unit, item.unit)}"


def wanted_words(question: Question) -> str:
    """What the lab needs of an item."""
    if question.item.kind is Kind.YES:
        return ""
    words = amount(question.key, question.wanted)
    if question.item.kind is Kind.AT_MOST:
        return _("at most %(amount)s", amount=words)
    if question.item.kind is Kind.AT_LEAST:
        return _("at least %(amount)s", amount=words)
    return words


def finding_words(finding: Finding) -> str:
    """What a site lacks, with its figures: "Length of the pad: 48 ft, needs 53 ft"."""
    label = item_label(finding.key)
    if ITEMS[finding.key].kind is Kind.YES:
        return _("%(item)s: no", item=label)
    return _(
        "%(item)s: %(offered)s, needs %(wanted)s",
        item=label,
        offered=amount(finding.key, finding.offered),
        wanted=amount(finding.key, finding.wanted),
    )
