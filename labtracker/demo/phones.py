"""Trainers' phones: paired for real, their records chained into frames, sealed and uploaded in batches."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from labtracker.accounts.models import Device, Person
from labtracker.accounts.services import create_pairing_code, redeem_pairing_code
from labtracker.checkin.bodies import VERSION
from labtracker.checkin.rules.frames import NO_HASH, frame_bytes, frame_hash, seal_text, to_base64url
from labtracker.checkin.services.contact import note_contact
from labtracker.checkin.services.reading import read_items
from labtracker.checkin.services.receiving import bearer_of, receive_upload
from labtracker.demo.attending import Moment
from labtracker.extensions import db
from labtracker.kit.ids import fingerprint
from labtracker.kit.time import to_ms

MODELS = ("Pixel 6a", "Galaxy A54", "Moto G Power", "iPhone SE", "Galaxy A14")
MOST_ITEMS = 480
OUT_OF_SIGNAL = timedelta(days=5)  # what lies so far apart is uploaded apart


@dataclass(frozen=True)
class Batch:
    """Records that one phone uploads together, and when they arrive."""

    phone: Phone
    moments: Sequence[tuple[Moment, Person]]
    arrives_at: datetime

    @property
    def sessions(self) -> set[UUID]:
        """Every session the records speak of."""
        return {UUID(moment.body["session"]) for moment, _by in self.moments}


@dataclass
class Phone:
    """One phone: its key, its token, and where its chain stands."""

    device_id: UUID
    key: ec.EllipticCurvePrivateKey
    token: str
    incarnation: str
    clock_off_ms: int
    seq: int = 0
    last_hash: str = NO_HASH
    recorded: list[tuple[Moment, Person]] = field(default_factory=list)

    def note(self, moment: Moment, by: Person) -> None:
        """Keep a record for the next upload."""
        self.recorded.append((moment, by))

    def batches(self, now: datetime, chance: random.Random) -> Iterator[Batch]:
        """The records in the order in which they were made, in uploads as signal allowed."""
        self.recorded.sort(key=lambda one: (one[0].at, one[0].body["id"]))
        batch: list[tuple[Moment, Person]] = []
        for one in self.recorded:
            if batch and (len(batch) == MOST_ITEMS or one[0].at - batch[-1][0].at > OUT_OF_SIGNAL):
                yield self._batch(batch, now, chance)
                batch = []
            batch.append(one)
        if batch:
            yield self._batch(batch, now, chance)

    def _batch(self, batch: list[tuple[Moment, Person]], now: datetime, chance: random.Random) -> Batch:
        arrives_at = batch[-1][0].at + timedelta(minutes=chance.randint(2, 300))
        return Batch(self, tuple(batch), min(arrives_at, now))

    def upload(self, batch: Batch, *, verdict: str = "stored") -> None:
        """Send a batch the way the API receives it; every record must get this verdict."""
        told = [msgspec.Raw(self._item(moment, by)) for moment, by in batch.moments]
        bearer = bearer_of(fingerprint(self.token), self.device_id, self.incarnation)
        if bearer is None:
            raise RuntimeError("the demo's phone is not paired")
        receipt = receive_upload(
            bearer,
            read_items(told, str(self.device_id), self.incarnation),
            seal=self._seal(),
            lost=(),
            now=batch.arrives_at,
        )
        note_contact(self.device_id, bearer.contact, version=None, persisted=True, now=batch.arrives_at)
        bad = [item for item in receipt.items if item.verdict != verdict]
        if bad or (receipt.mark.seq, receipt.mark.hash) != (self.seq, self.last_hash):
            raise RuntimeError(f"the intake judged otherwise: {[(one.verdict, one.code) for one in bad][:3]}")

    def _item(self, moment: Moment, by: Person) -> bytes:
        raw = frame_bytes(
            str(self.device_id),
            self.incarnation,
            self.seq + 1,
            self.last_hash,
            self._body(moment, by),
        )
        self.seq, self.last_hash = self.seq + 1, frame_hash(raw)
        return msgspec.json.encode({"seq": self.seq, "hash": self.last_hash, "frame": to_base64url(raw)})

    def _body(self, moment: Moment, by: Person) -> bytes:
        at_ms = to_ms(moment.at)
        # In the morning there was signal; the page stays open over the day, unless it was loaded again.
        since = (10 + at_ms % 290) * 60_000
        boot = f"{to_ms(moment.at) // 86_400_000:x}"
        reloaded = at_ms % 86_400_000 % 7 == 0
        wall_ms = at_ms + self.clock_off_ms
        sync = {
            "server_ms": at_ms - since,
            "wall_ms": wall_ms - since,
            "mono_ms": 5_000,
            "boot": f"{boot}a" if reloaded else boot,
        }
        frame: dict[str, Any] = {
            "v": VERSION,
            **moment.body,
            "wall_ms": wall_ms,
            "mono_ms": 5_000 + since,
            "boot": boot,
            "sync": sync,
            "by": str(by.id),
        }
        return msgspec.json.encode(frame)

    def _seal(self) -> str:
        text = seal_text(str(self.device_id), self.incarnation, self.seq, self.last_hash)
        r, s = decode_dss_signature(self.key.sign(text, ec.ECDSA(hashes.SHA256())))
        return to_base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def pair_phone(trainer: Person, chance: random.Random, *, now: datetime) -> Phone:
    """Pair a new phone with the code that its trainer was shown."""
    key = ec.generate_private_key(ec.SECP256R1())
    numbers = key.public_key().public_numbers()
    pairing = redeem_pairing_code(
        create_pairing_code(actor=trainer, now=now),
        public_key={
            "kty": "EC",
            "crv": "P-256",
            "x": to_base64url(numbers.x.to_bytes(32, "big")),
            "y": to_base64url(numbers.y.to_bytes(32, "big")),
        },
        name=f"{trainer.name.split()[0]} · {chance.choice(MODELS)}",
        app_version="demo",
        now=now,
    )
    return Phone(
        device_id=pairing.device.id,
        key=key,
        token=pairing.token or "",
        incarnation=f"{chance.getrandbits(64) or 1:x}",
        clock_off_ms=round(chance.gauss(0, 25_000)),
    )


def share_phone(phone: Phone, trainer: Person, *, now: datetime) -> None:
    """Let another trainer work on a phone, too."""
    redeem_pairing_code(
        create_pairing_code(actor=trainer, now=now),
        public_key=None,
        name="",
        app_version="demo",
        now=now,
        device=db.session.get_one(Device, phone.device_id),
    )


def in_order(phones: dict[UUID, Phone], now: datetime, chance: random.Random) -> list[Batch]:
    """All phones' uploads in the order in which they arrive."""
    batches = [batch for phone in phones.values() for batch in phone.batches(now, chance)]
    return sorted(batches, key=lambda batch: (batch.arrives_at, batch.moments[0][0].at))
