"""What the audit trail tells, in words. Services write codes; an action missing here is shown by its code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from labtracker.accounts.rules import Role
from labtracker.accounts.words import ROLE_NAMES

ACTIONS = {
    "account_request_approved": _l("Account approved"),
    "account_request_declined": _l("Account declined"),
    "account_request_merged": _l("Account merged into an employer"),
    "account_requested": _l("Account asked for"),
    "administrator_begun": _l("First administrator"),
    "attachment_added": _l("File attached"),
    "attachment_removed": _l("File removed"),
    "badge_reissued": _l("Badge reissued"),
    "badge_restored": _l("Badge brought back"),
    "badge_revoked": _l("Badge revoked"),
    "booking_cancelled": _l("Booking cancelled"),
    "booking_copied": _l("Booking begun anew from an earlier one"),
    "booking_confirmed": _l("Booking confirmed"),
    "booking_declined": _l("Booking declined"),
    "booking_planned": _l("Booking planned"),
    "booking_submitted": _l("Booking sent"),
    "booking_under_review": _l("Booking looked at"),
    "booking_waitlisted": _l("Booking put on the waiting list"),
    "booking_withdrawn": _l("Booking withdrawn"),
    "certificate_issued": _l("Certificate issued"),
    "certificate_replaced": _l("Certificate replaced"),
    "certificate_revoked": _l("Certificate revoked"),
    "certificates_issued": _l("Certificates issued to a cohort"),
    "closed_day_added": _l("Closed day added"),
    "closed_day_removed": _l("Closed day removed"),
    "closure_added": _l("Taken out of service"),
    "closure_changed": _l("Days out of service changed"),
    "closure_ended": _l("Back in service early"),
    "cohort_closed_out": _l("Cohort closed out"),
    "cohort_created": _l("Cohort added"),
    "cohort_reopened": _l("Cohort reopened"),
    "colleague_invited": _l("Colleague invited by an employer"),
    "completion_overridden": _l("Completion overridden"),
    "course_added": _l("Course added"),
    "course_archived": _l("Course archived"),
    "course_changed": _l("Course changed"),
    "course_restored": _l("Course restored"),
    "crew_added": _l("Crew member added"),
    "crew_removed": _l("Crew member removed"),
    "deployment_cancelled": _l("Deployment cancelled"),
    "deployment_confirmed": _l("Deployment confirmed"),
    "deployment_placed": _l("Deployment placed"),
    "device_paired": _l("Phone paired"),
    "device_revoked": _l("Phone revoked"),
    "equipment_item_added": _l("Equipment added"),
    "equipment_item_changed": _l("Equipment changed"),
    "equipment_item_in_order": _l("Equipment works again"),
    "equipment_item_out_of_order": _l("Equipment out of order"),
    "equipment_item_removed": _l("Equipment removed"),
    "feed_made": _l("Calendar address made"),
    "feed_stopped": _l("Calendar address stopped"),
    "flag_reopened": _l("Check-in worth a look again"),
    "flag_settled": _l("Check-in looked at, all right"),
    "draft_deleted": _l("Draft thrown away"),
    "frame_accepted": _l("Record accepted"),
    "frame_assigned": _l("Record assigned"),
    "frame_dismissed": _l("Record dismissed"),
    "frame_reopened": _l("Record opened again"),
    "initials_asked": _l("Initials asked for at check-in"),
    "initials_dropped": _l("Initials no longer asked for at check-in"),
    "inspection_added": _l("Inspection added"),
    "inspection_done": _l("Inspection done"),
    "inspection_ended": _l("Inspection ended"),
    "invitation_accepted": _l("Invitation accepted"),
    "invitation_handed_over": _l("Invitation handed over"),
    "invitation_sent": _l("Invitation sent"),
    "lab_added": _l("Lab added"),
    "lab_changed": _l("Lab changed"),
    "lab_restored": _l("Lab restored"),
    "lab_retired": _l("Lab retired"),
    "late_changes_acknowledged": _l("Changes after a close-out acknowledged"),
    "learning_taken_back": _l("Result taken back"),
    "licence_noted": _l("License noted"),
    "licence_removed": _l("License removed"),
    "mail_chosen": _l("Mails chosen"),
    "message_written": _l("Message written"),
    "odometer_read": _l("Odometer read off"),
    "organization_added": _l("Organization added"),
    "organization_archived": _l("Organization archived"),
    "organization_edited": _l("Organization changed"),
    "organization_restored": _l("Organization restored"),
    "own_address_confirmed": _l("Address confirmed as the worker’s own"),
    "own_link_handed_over": _l("Link to the worker’s own page handed over"),
    "own_page_closed": _l("Worker’s own page closed everywhere"),
    "own_page_opened": _l("Worker’s own page opened"),
    "own_word_settled": _l("Message from a worker settled"),
    "own_word_written": _l("Message from a worker"),
    "password_link_printed": _l("Password link printed where labtracker runs"),
    "password_set": _l("Password set"),
    "person_archived": _l("Person archived"),
    "person_edited": _l("Person changed"),
    "person_leave_entered": _l("Days off entered"),
    "person_leave_withdrawn": _l("Days off taken back"),
    "person_restored": _l("Person restored"),
    "readiness_waived": _l("Sent without a check of the site"),
    "release_given": _l("Attendance released by the worker"),
    "release_withdrawn": _l("Attendance not released, says the worker"),
    "role_ended": _l("Role ended"),
    "role_given": _l("Role given"),
    "roster_applied": _l("Roster taken over"),
    "roster_corrected": _l("Rows of a roster corrected"),
    "roster_imported": _l("Roster imported"),
    "roster_rest_discarded": _l("Rest of a roster discarded"),
    "roster_undone": _l("Import of a roster undone"),
    "roster_uploaded": _l("Roster uploaded"),
    "session_added": _l("Session added"),
    "session_cancelled": _l("Session cancelled"),
    "session_moved": _l("Session moved"),
    "signed_in": _l("Signed in"),
    "signed_out": _l("Signed out"),
    "signing_key_made": _l("New key for signing certificates"),
    "taught_courses_noted": _l("Courses of a trainer noted"),
    "tow_vehicle_added": _l("Vehicle added"),
    "tow_vehicle_changed": _l("Vehicle changed"),
    "tow_vehicle_restored": _l("Vehicle restored"),
    "tow_vehicle_retired": _l("Vehicle retired"),
    "vehicle_chosen": _l("Tow vehicle chosen"),
    "site_readiness_begun": _l("Check of a site begun"),
    "site_readiness_condition_accepted": _l("Condition of a site accepted"),
    "site_readiness_discarded": _l("Check of a site thrown away"),
    "site_readiness_finalised": _l("Check of a site final"),
    "walk_in_recognised": _l("Walk-in recognized as a worker"),
    "walk_in_separated": _l("Walk-in separated from a worker"),
    "walk_in_settled": _l("Walk-in kept as a worker"),
    "worker_added": _l("Worker added"),
    "worker_archived": _l("Worker archived"),
    "worker_changed": _l("Worker changed"),
    "worker_enrolled": _l("Worker enrolled"),
    "worker_reenrolled": _l("Worker enrolled again"),
    "worker_restored": _l("Worker restored"),
    "worker_withdrawn": _l("Worker withdrawn"),
    "workers_linked": _l("Same person at two employers"),
    "workers_merged": _l("Two records of a worker merged"),
    "workers_separated": _l("Records of a worker separated"),
    "workers_told_apart": _l("Two workers told apart"),
    "worksite_added": _l("Worksite added"),
    "worksite_archived": _l("Worksite archived"),
    "worksite_changed": _l("Worksite changed"),
    "worksite_restored": _l("Worksite restored"),
    "worksite_rurality_by_county": _l("Worksite rural or not by its county again"),
    "worksite_rurality_overridden": _l("Worksite rural or not by decision"),
}

SUBJECTS = {
    "account_request": _l("account request"),
    "booking": _l("booking"),
    "certificate": _l("certificate"),
    "cohort": _l("cohort"),
    "course": _l("course"),
    "deployment": _l("deployment"),
    "device": _l("phone"),
    "enrollment": _l("enrollment"),
    "frame": _l("record"),
    "lab": _l("lab"),
    "organization": _l("organization"),
    "person": _l("person"),
    "roster_import": _l("roster"),
    "session": _l("session"),
    "signing_key": _l("signing key"),
    "worker": _l("worker"),
    "worksite": _l("worksite"),
}


# Where each of them has its page, and what the page calls its id.
PAGES = {
    "account_request": ("accounts.account_request", "request_id"),
    "booking": ("scheduling.booking", "booking_id"),
    "certificate": ("certificates.certificate", "certificate_id"),
    "cohort": ("scheduling.cohort", "cohort_id"),
    "course": ("labs.course", "course_id"),
    "deployment": ("scheduling.deployment", "deployment_id"),
    "device": ("checkin.device", "device_id"),
    "lab": ("labs.lab", "lab_id"),
    "organization": ("accounts.organization", "organization_id"),
    "person": ("accounts.person", "person_id"),
    "session": ("scheduling.session", "session_id"),
    "worker": ("roster.worker", "worker_id"),
    "worksite": ("labs.worksite", "worksite_id"),
}

WAYS_IN = {
    "password": _l("by password"),
    "link": _l("by a mailed link"),
    "demo": _l("in the demo"),
    "mail": _l("by a mailed link"),
    "certificate": _l("by the link in a certificate’s mail"),
    "hand": _l("by a link that was handed over"),
}

# Counts that a step leaves: how many rows, sessions, workers.
COUNTS = {
    "rows": _l("rows: %(count)s"),
    "added": _l("added: %(count)s"),
    "updated": _l("updated: %(count)s"),
    "enrolled": _l("enrolled: %(count)s"),
    "issued": _l("issued: %(count)s"),
    "sessions": _l("sessions: %(count)s"),
}
# Names that a step leaves: who was invited, for which employer.
NAMES = ("invited", "employer")


def action_name(action: str) -> str:
    """An action of the trail in words."""
    return str(ACTIONS.get(action) or action.replace("_", " ").capitalize())


def subject_name(kind: str) -> str:
    """What an action was done to, in a word."""
    return str(SUBJECTS.get(kind) or kind.replace("_", " "))


def subject_url(kind: str, subject_id: UUID | None) -> str | None:
    """The page of what an action was done to, if it has one."""
    endpoint, argument = PAGES.get(kind, ("", ""))
    if subject_id is None or endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint, **{argument: subject_id})  # type: ignore[arg-type]


def detail_words(detail: Mapping[str, Any]) -> list[str]:
    """What the trail tells besides, in words; ids and codes that only programs read are left out."""
    words = []
    for name, value in detail.items():
        if name == "by":
            words.append(str(WAYS_IN.get(value, value)))
        elif name in NAMES:
            words.append(str(value))
        elif name == "role":
            words.append(str(ROLE_NAMES[Role(value)]))
        elif name == "fields":
            words.append(_("changed: %(names)s", names=", ".join(value)))
        elif name in COUNTS and value:
            words.append(str(COUNTS[name]) % {"count": value})
    return words
