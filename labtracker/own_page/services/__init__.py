"""What can be done about the worker's own page: ask for a link, open it, answer, write, help with it."""

from labtracker.own_page.services.following import mail_about_certificates
from labtracker.own_page.services.linking import ask_for_link, confirm_address, hand_over_link
from labtracker.own_page.services.releasing import answer_release
from labtracker.own_page.services.visiting import end_visit, end_visits_of, open_page
from labtracker.own_page.services.writing import settle_word, write_word

__all__ = [
    "answer_release",
    "ask_for_link",
    "confirm_address",
    "end_visit",
    "end_visits_of",
    "hand_over_link",
    "mail_about_certificates",
    "open_page",
    "settle_word",
    "write_word",
]
