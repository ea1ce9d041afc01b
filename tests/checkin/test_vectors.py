"""The shared cases of tests/vectors hold in Python; node reads the same files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from labtracker.checkin.rules import candidates, corrected_time, frames, initials, presence

VECTORS = Path(__file__).parent.parent / "vectors"


def cases(name: str, key: str = "cases") -> list[Any]:
    found = json.loads((VECTORS / name).read_text(encoding="utf-8"))[key]
    return [pytest.param(case, id=case["name"] if "name" in case else str(case)) for case in found]


@pytest.mark.parametrize("case", cases("frame.json", "frames"))
def test_frame(case: dict[str, Any]) -> None:
    raw = frames.frame_bytes(
        case["device"], case["incarnation"], case["seq"], case["prev"], case["body"].encode()
    )
    assert frames.to_base64url(raw) == case["frame"]
    assert frames.from_base64url(case["frame"]) == raw
    assert frames.frame_hash(raw) == case["hash"]
    assert frames.parse_frame(raw) == frames.Frame(
        case["device"], case["incarnation"], case["seq"], case["prev"], case["body"].encode()
    )


def test_the_chain_of_the_first_frames() -> None:
    chain = [case.values[0] for case in cases("frame.json", "frames")][:5]
    assert [case["prev"] for case in chain] == [frames.NO_HASH, *(case["hash"] for case in chain[:-1])]


@pytest.mark.parametrize("case", cases("frame.json", "not_frames"))
def test_not_a_frame(case: dict[str, Any]) -> None:
    raw = frames.from_base64url(case["frame"])
    assert raw is not None
    assert frames.parse_frame(raw) is None


@pytest.mark.parametrize("case", cases("frame.json", "base64url"))
def test_base64url(case: dict[str, Any]) -> None:
    assert frames.from_base64url(case["text"]) == bytes.fromhex(case["bytes_hex"])
    assert frames.to_base64url(bytes.fromhex(case["bytes_hex"])) == case["text"]


@pytest.mark.parametrize("text", cases("frame.json", "not_base64url"))
def test_not_base64url(text: str) -> None:
    assert frames.from_base64url(text) is None


@pytest.mark.parametrize("case", cases("frame.json", "seals"))
def test_what_a_seal_signs(case: dict[str, Any]) -> None:
    text = frames.seal_text(case["device"], case["incarnation"], case["seq"], case["hash"])
    assert text.decode() == case["text"]


@pytest.mark.parametrize("case", cases("corrected_time.json"))
def test_corrected_time(case: dict[str, Any]) -> None:
    sync = corrected_time.Sync(**case["sync"]) if case["sync"] else None
    found = corrected_time.corrected_time(case["wall_ms"], case["mono_ms"], case["boot"], sync)
    assert found == corrected_time.CorrectedTime(**case["expect"])


def presence_of(case: dict[str, Any], events: list[dict[str, Any]]) -> dict[str, Any]:
    session = case["session"]
    window = presence.Window(
        session["starts_ms"],
        session["ends_ms"],
        [(start, end) for start, end in session["breaks"]],
        session["grace_minutes"],
        session["cancelled"],
    )
    found = presence.presence(
        [presence.PresenceEvent(**event) for event in events], window, make_up=case["make_up"]
    )
    return {
        "status": found.status,
        "open": found.is_open,
        "credited_minutes": found.credited_minutes,
        "scheduled_minutes": found.scheduled_minutes,
        "flags": list(found.flags),
        "first_in_ms": found.first_in_ms,
        "last_out_ms": found.last_out_ms,
    }


@pytest.mark.parametrize("case", cases("presence.json"))
def test_presence(case: dict[str, Any]) -> None:
    assert presence_of(case, case["events"]) == case["expect"]
    assert presence_of(case, case["events"][::-1] * 2) == case["expect"]


@pytest.mark.parametrize("case", cases("initials.json"))
def test_initials(case: dict[str, Any]) -> None:
    assert initials.tidied(case["typed"]) == case["tidied"]


@pytest.mark.parametrize("case", cases("candidates.json"))
def test_candidates(case: dict[str, Any]) -> None:
    sessions = {one["id"]: candidates.CandidateSession(**one) for one in case["sessions"]}
    open_card = sessions.get(case["open_session"])
    assert (open_card is None) == (case["open_session"] is None)
    for order in (list(sessions.values()), list(sessions.values())[::-1]):
        found = candidates.choose_session(case["at_ms"], open_card, order, case["cohorts"])
        assert found == candidates.Choice(**case["expect"])
