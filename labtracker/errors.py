"""The one refusal that every layer speaks."""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """A rule said no.

    ``code`` is stable and for programs, ``message`` is translated and for people, ``field`` names
    the input it concerns, ``status`` is the HTTP status when nobody handles it nearer to the form.
    Everything else that helps to explain goes into ``details``.
    """

    def __init__(
        self, code: str, message: str, *, field: str | None = None, status: int = 400, **details: Any
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.status = status
        self.details = details

    @property
    def form_status(self) -> int:
        """The HTTP status of the form that is shown again with it: 422 where it is merely about a field."""
        return 422 if self.field and self.status == 400 else self.status

    def as_dict(self) -> dict[str, Any]:
        """The error as the JSON shape of the API: code, message, field and details."""
        return {"code": self.code, "message": self.message, "field": self.field, **self.details}
