"""docs/certificates.md says of states, addresses, numbers and commands what the code does."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from labtracker import config
from labtracker.certificates import signing
from labtracker.certificates.commands import COMMANDS
from labtracker.certificates.rules import NUMBER_LENGTH, CertificateState
from labtracker.certificates.services.running import PART
from labtracker.certificates.views import checking
from labtracker.roster.rules.badges import ID_LENGTH, SECRET_BYTES
from tools import routes

TEXT = (config.ROOT / "docs" / "certificates.md").read_text(encoding="utf-8")
FLAT = " ".join(TEXT.split())
NUMBERS = {8: "eight"}


def test_every_state_is_named() -> None:
    section = TEXT.split("## States\n", 1)[1].split("\n## ", 1)[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.M) == [state.value for state in CertificateState]


def test_numbers_are_the_codes() -> None:
    assert f"the secret is {ID_LENGTH} characters: {SECRET_BYTES * 8} random bits" in FLAT
    assert f"The {NUMBERS[NUMBER_LENGTH]} characters of its number" in FLAT
    assert f"{PART} at a time" in FLAT
    assert f"answers {checking.A_MINUTE.split()[0]} times a minute" in FLAT
    assert f"RSA, {signing.KEY_BITS} bits" in FLAT
    assert f"signed with {signing.ALGORITHM}" in FLAT


def test_every_command_is_named() -> None:
    assert set(re.findall(r"`labtracker certificates ([a-z-]+)", FLAT)) == {one.name for one in COMMANDS}


@pytest.mark.one_database
def test_every_address_for_checking_is_named_and_open_to_all(migrated_app: Flask) -> None:
    named = set(re.findall(r"^\| `(/[^`]+)` \|", TEXT, re.M))
    published = {
        path
        for path, _methods, who, _what in routes.routes_of(migrated_app)["certificates"]
        if who == routes.EVERYBODY
    }
    assert named == published
