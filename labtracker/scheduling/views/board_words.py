"""What the board's script says by itself; all else it is told in whole sentences by the server."""

from __future__ import annotations

from flask_babel import gettext as _


def words_of_the_board() -> dict[str, str]:
    """Sentences by name; ``{n}`` and the like are filled in by the script."""
    return {
        "picked": _("Picked up: {what}."),
        "how": _(
            "Left and right move it by a day, with Shift by a week; up and down to another lab. "
            "Enter drops it, Escape puts it back."
        ),
        "back": _("Put back: nothing is changed."),
        "edge": _("There is no lab farther on."),
        "free": _("Nothing stands in the way."),
        "drop": _("Drop it here"),
        "put_back": _("Put it back"),
        "open": _("Open its page"),
        "trainers": _("Trainers"),
        "is_free": _("free"),
        "is_taken": _("taken"),
        "ways": _("What would work:"),
        "blocked": _("It cannot lie here yet."),
        "lost": _("The server does not answer. Nothing is changed; try again."),
        "undo": _("Undo"),
        "nothing": _("There is nothing to undo."),
        "close": _("Close"),
        "troubles": _("Needs a decision"),
        "cannot": _("cannot be as it stands"),
        "elsewhere": _("Show those weeks"),
    }
