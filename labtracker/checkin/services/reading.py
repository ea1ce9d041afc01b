"""Items of an upload, as they came: bytes checked against their hash, before anything is looked up."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from labtracker.checkin.bodies import Body, Undecodable, decode_body
from labtracker.checkin.rules.frames import from_base64url, is_hash, is_seq, parse_frame


class ItemIn(msgspec.Struct):
    """One item of an upload. Fields that are not known are ignored."""

    seq: int
    hash: str
    frame: str
    damaged: bool = False


@dataclass(slots=True)
class Item:
    """One item on its way to a verdict.

    ``hash`` is what the phone claims, ``key`` the same as bytes. ``damaged`` says that the bytes do not
    match the claim, ``chained`` that the item has a place in its phone's chain. ``prev`` is known only
    of undamaged frames. ``earlier`` is the frame or item that a duplicate repeats, ``contradicts`` how
    it contradicts one that came first. ``durable`` says that each of the last two verified backups holds it.
    """

    seq: int | None
    hash: str | None
    key: bytes = b""
    raw: bytes = b""
    prev: str | None = None
    damaged: bool = False
    chained: bool = True
    body: Body | Undecodable | None = None
    verdict: str | None = None
    code: str | None = None
    flags: set[str] = field(default_factory=set)
    earlier: Any = None
    contradicts: str | None = None
    durable: bool = False

    @property
    def kept(self) -> bool:
        """Whether there is something to keep."""
        return self.verdict != "retry"

    def set_aside(self, code: str) -> None:
        """Keep it raw, under a code, and project nothing from it."""
        self.verdict, self.code = "quarantined", code


_item = msgspec.json.Decoder(ItemIn)
_anything = msgspec.json.Decoder()


def read_items(raws: Sequence[msgspec.Raw], device: str, incarnation: str) -> list[Item]:
    """Every item of an envelope, in its order."""
    return [_read(bytes(raw), device, incarnation) for raw in raws]


def _read(raw: bytes, device: str, incarnation: str) -> Item:
    try:
        told = _item.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _malformed(raw)
    if not is_seq(told.seq) or not is_hash(told.hash):
        return _malformed(raw)
    item = Item(told.seq, told.hash, bytes.fromhex(told.hash))
    found = from_base64url(told.frame)
    if found is None or hashlib.sha256(found).hexdigest() != told.hash:
        if not told.damaged:
            item.verdict = "retry"
            return item
        item.raw = told.frame.encode("utf-8", "replace") if found is None else found
        item.damaged = True
        item.set_aside("damaged_frame")
        return item
    item.raw = found
    frame = parse_frame(found)
    if frame is None or (frame.device, frame.incarnation, frame.seq) != (device, incarnation, told.seq):
        # Kept beside the true owner's chain, so that it can never stand in for another phone's frame.
        item.damaged = True
        item.set_aside("wrong_header")
        return item
    item.prev = frame.prev
    item.body = decode_body(frame.body)
    if isinstance(item.body, Undecodable):
        item.set_aside(item.body.code)
    return item


def _malformed(raw: bytes) -> Item:
    """An item of the wrong shape: asked for again, unless the phone says that it has nothing better."""
    try:
        told = _anything.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        told = None
    fields = told if isinstance(told, dict) else {}
    seq, claimed = fields.get("seq"), fields.get("hash")
    item = Item(seq if is_seq(seq) else None, claimed if is_hash(claimed) else None)
    if fields.get("damaged") is True:
        item.raw, item.key = raw, hashlib.sha256(raw).digest()
        item.damaged, item.chained = True, False
        item.set_aside("malformed")
    else:
        item.verdict, item.code = "retry", "malformed"
    return item
