"""Every table of every slice, imported here so that the metadata is whole for migrations and tests."""

from __future__ import annotations

from labtracker import changes
from labtracker.accounts import models as accounts
from labtracker.attachments import models as attachments
from labtracker.backups import models as backups
from labtracker.certificates import models as certificates
from labtracker.checkin import models as checkin
from labtracker.completion import models as completion
from labtracker.extensions import db
from labtracker.feeds import models as feeds
from labtracker.fleet import models as fleet
from labtracker.jobs import models as jobs
from labtracker.labs import models as labs
from labtracker.own_page import models as own_page
from labtracker.roster import models as roster
from labtracker.scheduling import models as scheduling
from labtracker.scheduling import thread_models as thread

MODULES = (
    changes,
    jobs,
    accounts,
    attachments,
    labs,
    fleet,
    scheduling,
    thread,
    feeds,
    roster,
    checkin,
    completion,
    certificates,
    own_page,
    backups,
)
metadata = db.metadata
