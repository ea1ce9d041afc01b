"""Passwords, addresses and roles, decided without a database."""

from __future__ import annotations

import pytest

from labtracker.accounts.rules import (
    OrganizationKind,
    Role,
    is_email,
    may_give,
    normal_email,
    password_problem,
    role_fits,
)
from labtracker.accounts.rules.browsers import browser_and_system


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("short", "too_short"),
        ("elevenchars", "too_short"),
        ("x" * 201, "too_long"),
        ("aaaaaaaaaaaaaaa", "pattern"),
        ("abcabcabcabcabc", "pattern"),
        ("123456789012", "pattern"),
        ("qwertyuiop12", "pattern"),
        ("abcdefghijklmn", "pattern"),
        ("1qaz2wsx3edc", "pattern"),
        ("zaq12wsxcde3", "pattern"),
        ("qazwsxedcrfv", "pattern"),
        ("123qweasdzxc", "pattern"),
        ("a1b2c3d4e5f6", "pattern"),
        ("1q2w3e4r5t6y", "pattern"),
        ("password1234", "common"),
        ("letmeinplease", "common"),
        ("ilovejesus123", "common"),
        ("teamomucho123", "common"),
        ("RealMadrid123", "common"),
        ("Bienvenidos2026", "common"),
        ("correcthorsebatterystaple", "common"),
        ("Passw0rd2026!", "common"),
        ("P@$$w0rd!!!2026", "common"),
        ("Welcome-Colorado", "common"),
        ("Sunshine2026!!", "common"),
        ("7194057713862", "common"),
        ("emilkovacs2026", "about_you"),
        ("steelworks#77", "about_you"),
        ("emil kovacs 2026", "about_you"),
        ("kovacs -- emil -- 9", "about_you"),
        ("quiet trailer at dawn", None),
        ("cuatro perros duermen", None),
        ("Xk7!pq-Lm92vd", None),
        ("kovacs paints seven gates", None),
        ("work please now and rest", None),
        ("zebra fixes wet boots", None),
        ("日本語の長いパスワードです四つ", None),
    ],
)
def test_password(password: str, problem: str | None) -> None:
    assert password_problem(password, email="emil@steelworks.example", name="Emil Kovacs") == problem


@pytest.mark.parametrize(
    ("typed", "good"),
    [
        (" Ana.Ruiz@Example.ORG ", True),
        ("a@b.co", True),
        ("a@b", False),
        ("no at.example", False),
        ("a@b..co", False),
        ("a b@c.co", False),
        ("a@b.co\nbcc: x@y.co", False),
        ("x" * 65 + "@b.co", False),
    ],
)
def test_email(typed: str, good: bool) -> None:
    assert is_email(normal_email(typed)) is good


@pytest.mark.parametrize(
    ("agent", "known"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14) Chrome/131.0 Safari/537.36",
            ("Chrome", "Android"),
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) Mobile/15E148 Safari/604.1",
            ("Safari", "iPhone"),
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/131.0 Safari/537.36 Edg/131.0", ("Edge", "Windows")),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", ("Firefox", "Linux")),
        ("curl/8", (None, None)),
        (None, (None, None)),
    ],
)
def test_browsers_have_names(agent: str | None, known: tuple[str | None, str | None]) -> None:
    assert browser_and_system(agent) == known


def test_roles_fit_their_kind_of_organization() -> None:
    assert role_fits(Role.TRAINER, OrganizationKind.PROVIDER)
    assert not role_fits(Role.TRAINER, OrganizationKind.EMPLOYER)


def test_only_administrators_make_administrators() -> None:
    assert may_give(True, Role.ADMINISTRATOR)
    assert not may_give(False, Role.ADMINISTRATOR)
    assert may_give(False, Role.COORDINATOR)
