"""The shape of what people type about visits. What the answers mean is checked by the services."""

from __future__ import annotations

from labtracker.scheduling.forms.booking import BeginForm, WhatForm, WhenForm, WhereForm, WhoForm
from labtracker.scheduling.forms.checklist import (
    AcceptanceForm,
    CheckForm,
    LabForCheckForm,
    SitePhotosForm,
    with_checklist,
)
from labtracker.scheduling.forms.planning import (
    CallOffForm,
    CohortForm,
    CrewForm,
    InitialsForm,
    MoveForm,
    NewSessionForm,
    PlanForm,
    SessionForm,
)
from labtracker.scheduling.forms.shared import ReasonForm
from labtracker.scheduling.forms.thread import ACCEPTED, AttachmentForm, MessageForm

__all__ = [
    "ACCEPTED",
    "AcceptanceForm",
    "AttachmentForm",
    "BeginForm",
    "CallOffForm",
    "CheckForm",
    "CohortForm",
    "CrewForm",
    "InitialsForm",
    "LabForCheckForm",
    "MessageForm",
    "MoveForm",
    "NewSessionForm",
    "PlanForm",
    "ReasonForm",
    "SessionForm",
    "SitePhotosForm",
    "WhatForm",
    "WhenForm",
    "WhereForm",
    "WhoForm",
    "with_checklist",
]
