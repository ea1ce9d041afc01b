"""Ways around the count of tries: another address of the same customer, headers that nobody trusts."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from labtracker.accounts.rules import LIMITS
from tests.cast import Cast


def guess(client: FlaskClient, number: int, address: str, **headers: str) -> int:
    """Try a password for somebody, each time somebody else, so that only the network address is counted."""
    told = {"email": f"somebody{number}@steelworks.example", "password": "guess after guess"}
    more: dict[str, Any] = {"environ_overrides": {"REMOTE_ADDR": address}, "headers": headers}
    return client.post("/sign-in", data=told, **more).status_code


@pytest.mark.parametrize(
    "way", ["the next of its IPv6 addresses", "X-Forwarded-For", "Forwarded", "X-Real-IP"]
)
def test_a_guesser_stays_one_guesser(client: FlaskClient, cast: Cast, way: str) -> None:
    limit = LIMITS["password:address"].tries

    def once(number: int) -> int:
        if way.startswith("the next"):
            return guess(client, number, f"2001:db8:1:2::{number + 1:x}")
        return guess(client, number, "203.0.113.9", **{way: f"198.51.100.{number}"})

    assert {once(number) for number in range(limit)} == {422}
    assert once(limit) == 429


def test_another_customer_is_not_kept_waiting(client: FlaskClient, cast: Cast) -> None:
    for number in range(LIMITS["password:address"].tries + 1):
        guess(client, number, f"2001:db8:1:2::{number + 1:x}")
    assert guess(client, 99, "2001:db8:1:3::1") == 422
