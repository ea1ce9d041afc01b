"""What is written and attached to a booking."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import MultipleFileField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice

from labtracker.scheduling.forms.shared import trim
from labtracker.scheduling.rules.thread import FileKind
from labtracker.scheduling.wording import FILE_KINDS
from labtracker.web.fields import Form

# What browsers offer first; what is sent is judged by its content.
ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf"


class MessageForm(Form):
    """A message to the other side."""

    text = TextAreaField(_l("Message"), filters=[trim])
    files = MultipleFileField(_l("Photos or PDFs"))


class AttachmentForm(Form):
    """Files of a booking: what they show, and which."""

    kind = RadioField(
        _l("What do the files show?"),
        choices=[SelectChoice(str(kind), label) for kind, label in FILE_KINDS.items()],
        default=str(FileKind.SITE_PHOTO),
    )
    files = MultipleFileField(_l("Files"))
