"""Pure decisions of the calendar: states, sessions from a shift, travel, conflicts."""

from labtracker.scheduling.rules.states import (
    BookingStatus,
    DeliveryMode,
    DeploymentStatus,
    Duty,
    Payer,
    Side,
    Verb,
)

__all__ = ["BookingStatus", "DeliveryMode", "DeploymentStatus", "Duty", "Payer", "Side", "Verb"]
