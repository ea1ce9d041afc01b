"""A phone as tests need one: it keeps a chain of frames and speaks the protocol."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from flask.testing import FlaskClient

from labtracker.checkin.rules.frames import (
    NO_HASH,
    frame_bytes,
    frame_hash,
    seal_text,
    to_base64url,
)
from labtracker.kit.ids import uuid7


def number(value: int) -> str:
    return base64.urlsafe_b64encode(value.to_bytes(32, "big")).rstrip(b"=").decode()


class Phone:
    """Makes frames like a real phone, and uploads what it is told to."""

    def __init__(
        self, client: FlaskClient, device: str = "", token: str = "", by: UUID | None = None
    ) -> None:
        self.client, self.device, self.token, self.by = client, device, token, by
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.incarnation = "00c0ffee00c0ffee"
        self.items: list[dict[str, Any]] = []
        self.last_hash = NO_HASH

    @property
    def jwk(self) -> dict[str, str]:
        public = self.key.public_key().public_numbers()
        return {"kty": "EC", "crv": "P-256", "x": number(public.x), "y": number(public.y)}

    def pair(self, code: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = self.client.post(
            "/api/v1/devices",
            json={"code": code, "public_key": self.jwk, "name": "Tom's phone", "app_version": "1"},
            headers=headers,
        )
        assert answer.status_code == 201, answer.text
        told = answer.json
        assert told is not None
        self.device = told["device"]
        self.token = told.get("token", self.token)
        self.by = self.by or UUID(told["trainer"]["id"])
        return told

    def frame(
        self, body: dict[str, Any] | bytes, seq: int | None = None, prev: str | None = None
    ) -> dict[str, Any]:
        """An item with its frame, not appended to the chain."""
        raw_body = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        raw = frame_bytes(
            self.device, self.incarnation, seq or len(self.items) + 1, prev or self.last_hash, raw_body
        )
        return {"seq": seq or len(self.items) + 1, "hash": frame_hash(raw), "frame": to_base64url(raw)}

    def record(self, type: str, at_ms: int, **more: Any) -> str:
        """Append an event to the chain; gives its id."""
        body = self.body(type, at_ms, **more)
        self.append(body)
        return str(body["id"])

    def body(self, type: str, at_ms: int, **more: Any) -> dict[str, Any]:
        return {
            "v": 1,
            "id": str(uuid7()),
            "type": type,
            "method": "scan",
            "wall_ms": at_ms,
            "mono_ms": 0,
            "boot": "b",
            "sync": {"server_ms": at_ms, "wall_ms": at_ms, "mono_ms": 0, "boot": "b"},
            "by": str(self.by),
            "session": None,
            "chosen_session": None,
            **more,
        }

    def append(self, body: dict[str, Any] | bytes) -> dict[str, Any]:
        item = self.frame(body)
        self.items.append(item)
        self.last_hash = item["hash"]
        return item

    def seal(self, item: dict[str, Any]) -> str:
        der = self.key.sign(
            seal_text(self.device, self.incarnation, item["seq"], item["hash"]), ec.ECDSA(hashes.SHA256())
        )
        r, s = decode_dss_signature(der)
        return to_base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))

    def envelope(self, items: Iterable[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
        return {
            "device": self.device,
            "incarnation": self.incarnation,
            "items": self.items if items is None else list(items),
            **more,
        }

    def upload(
        self, items: Iterable[dict[str, Any]] | None = None, *, packed: bool = False, **more: Any
    ) -> dict[str, Any]:
        """Upload, and insist on a well-formed answer."""
        answer = self.post(self.envelope(items, **more), packed=packed)
        assert answer.status_code == 200, answer.text
        return answer.json

    def post(self, envelope: Any, *, packed: bool = False) -> Any:
        raw = json.dumps(envelope).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if packed:
            raw, headers["Content-Encoding"] = gzip.compress(raw), "gzip"
        return self.client.post("/api/v1/events", data=raw, headers=headers)

    def pack(self, **arguments: Any) -> dict[str, Any]:
        answer = self.client.get(
            "/api/v1/pack", query_string=arguments, headers={"Authorization": f"Bearer {self.token}"}
        )
        assert answer.status_code == 200, answer.text
        return answer.json


def verdicts(answer: dict[str, Any]) -> list[str]:
    return [result["verdict"] for result in answer["results"]]
