"""Properties of the rules: order and repetition never matter, minutes stay within bounds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from labtracker.checkin.rules import frames
from labtracker.checkin.rules.corrected_time import Sync, corrected_time
from labtracker.checkin.rules.presence import (
    MINUTE_MS,
    PresenceEvent,
    Window,
    events_in_force,
    presence,
)

TYPES = (
    "check_in",
    "check_out",
    "walk_in",
    "void",
    "excuse",
    "session_open",
    "session_close",
    "session_reopen",
    "session_cancel",
    "note",
)
minutes = st.integers(-90, 600).map(lambda minute: minute * MINUTE_MS)
ids = st.sampled_from("abcdefgh")


@st.composite
def events(draw: st.DrawFn) -> list[PresenceEvent]:
    number = draw(st.integers(0, 14))
    return [
        PresenceEvent(
            id=draw(ids),
            hash=f"{index:064x}",
            type=draw(st.sampled_from(TYPES)),
            at_ms=draw(minutes),
            target=draw(ids),
            ended_ms=draw(st.none() | minutes),
        )
        for index in range(number)
    ]


@st.composite
def windows(draw: st.DrawFn) -> Window:
    breaks = draw(st.lists(st.tuples(minutes, minutes), max_size=3))
    return Window(
        0,
        draw(st.integers(1, 540)) * MINUTE_MS,
        [(min(span), max(span)) for span in breaks],
        draw(st.integers(0, 30)),
        draw(st.booleans()),
    )


@given(events(), windows(), st.randoms(use_true_random=False), st.booleans())
def test_order_and_repetition_never_matter(found, window, chance, make_up):  # type: ignore[no-untyped-def]
    shuffled = [*found, *chance.choices(found, k=len(found))] if found else []
    chance.shuffle(shuffled)
    assert presence(shuffled, window, make_up=make_up) == presence(found, window, make_up=make_up)


@given(events(), windows(), st.booleans())
def test_credited_minutes_stay_within_the_scheduled(found, window, make_up):  # type: ignore[no-untyped-def]
    result = presence(found, window, make_up=make_up)
    assert result.credited_minutes >= 0
    scheduled = presence(found, window).scheduled_minutes
    assert result.credited_minutes <= scheduled <= (window.ends_ms - window.starts_ms) // MINUTE_MS
    assert result.scheduled_minutes == (0 if make_up else scheduled)
    if result.status != "present":
        assert result.credited_minutes == 0


@given(events(), ids)
def test_a_fresh_void_removes_and_its_void_brings_back(found, name):  # type: ignore[no-untyped-def]
    before = events_in_force(found)
    void = PresenceEvent("void-1", "f" * 64, "void", 0, target=name)
    if not any(event.id == name and event.type == "void" for event in found):
        kept = [event for event in before if event.id != name]
        assert events_in_force([*found, void]) == kept
    back = PresenceEvent("void-2", "e" * 64, "void", 0, target="void-1")
    assert events_in_force([*found, void, back]) == before


@given(st.binary(max_size=300))
def test_any_bytes_survive_base64url(raw: bytes) -> None:
    assert frames.from_base64url(frames.to_base64url(raw)) == raw
    frames.parse_frame(raw)


@given(st.integers(1, frames.HIGHEST_SEQ), st.binary(max_size=200), st.binary(min_size=32, max_size=32))
def test_a_frame_is_read_back_as_it_was_made(seq: int, body: bytes, prev: bytes) -> None:
    device = "018f5e3a-7c11-7abc-8def-0123456789ab"
    raw = frames.frame_bytes(device, "c0ffee", seq, prev.hex(), body)
    assert frames.parse_frame(raw) == frames.Frame(device, "c0ffee", seq, prev.hex(), body)


clock = st.integers(0, 2**45)


@given(clock, clock, st.sampled_from("ab"), clock, clock, clock)
def test_shifting_the_wall_clock_for_good_changes_no_corrected_time(  # type: ignore[no-untyped-def]
    wall, mono, boot, server, sync_wall, sync_mono
):
    right = corrected_time(wall, mono, boot, Sync(server, sync_wall, sync_mono, "a"))
    shifted = corrected_time(wall + 99_999, mono, boot, Sync(server, sync_wall + 99_999, sync_mono, "a"))
    assert (shifted.at_ms, shifted.label) == (right.at_ms, right.label)
