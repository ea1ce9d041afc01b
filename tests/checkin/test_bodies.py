"""What a body may say of results: old phones are understood, what cannot be is set aside."""

from __future__ import annotations

import json
from typing import Any

import pytest

from labtracker.checkin.bodies import Body, Undecodable, decode_body, payload_of

ID = "01890000-0000-7000-8000-00000000000a"


def decoded(**more: Any) -> Body | Undecodable:
    text = json.dumps({"v": 1, "id": ID, "wall_ms": 0, "enrollment": ID, **more})
    return decode_body(text.encode())


@pytest.mark.parametrize("level", [None, 1, 9])
def test_a_sign_off_with_or_without_a_level_is_read(level: int | None) -> None:
    body = decoded(type="sign_off", skill="loto", **({} if level is None else {"level": level}))
    assert isinstance(body, Body)
    assert payload_of(body).get("level") == level


@pytest.mark.parametrize(
    "told",
    [
        {"type": "sign_off", "skill": "loto", "level": 0},
        {"type": "sign_off", "skill": "loto", "level": 10},
        {"type": "sign_off", "skill": "loto", "level": "3"},
        {"type": "sign_off", "skill": "loto", "level": 2.5},
        {"type": "sign_off", "level": 3},
        {"type": "assessment", "score": 101},
        {"type": "assessment", "score": -1},
        {"type": "assessment", "score": 1e308},
        {"type": "assessment", "score": "78"},
        {"type": "assessment"},
    ],
    ids=str,
)
def test_results_that_cannot_be_are_set_aside(told: dict[str, Any]) -> None:
    found = decoded(**told)
    assert isinstance(found, Undecodable)
    assert found.code == "bad_body"
