"""What may happen to a question on its way to the server, and to the answer on its way back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.simulation import checks
from tests.simulation.host import LOST, SILENT, Ask, Reply

if TYPE_CHECKING:
    from tests.simulation.world import World

NOT_SIGNED_IN = '{"ok": false, "errors": [{"code": "not_signed_in", "message": ""}]}'

# Answers of somebody in between; the server never hears of the question.
IN_BETWEEN = {
    "captive portal": Reply(200, "text/html", "<html><title>Welcome to the Prairie Inn</title></html>"),
    "false friend": Reply(200, "application/json", '{"ok": true}'),
    "proxy 404": Reply(404, "text/html", "<h1>404 Not Found</h1><hr>nginx"),
    "proxy 503": Reply(503, "text/html", "<h1>503 Service Unavailable</h1>"),
    "proxy 413": Reply(413, "text/html", "<h1>413 Request Entity Too Large</h1>"),
    "proxy 401": Reply(401, "application/json", NOT_SIGNED_IN),
}


class Wire:
    """The way between phones and server; ``badness`` is how likely a request meets a fault, from 0 to 1."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.badness = 0.0
        # What phones brought for others, to be brought once more in the end.
        self.relayed: list[Ask] = []
        self._delayed: list[Ask] = []
        self._replies: dict[str, Reply] = {}
        self._busy = False
        self._faults: dict[str, Callable[[Ask], Reply | str]] = {
            "dropped": lambda _ask: LOST,
            "delayed": self._delay,
            "lost reply": self._lose_reply,
            "cut reply": self._cut_reply,
            "stale reply": self._repeat_reply,
            "sent twice": self._send_twice,
            "damaged bytes": lambda ask: self._answer(ask, self._damaged(ask)),
            "crash before commit": lambda ask: self._crash(ask, "before commit"),
            "crash after commit": lambda ask: self._crash(ask, "after commit"),
            "phone dies waiting": self._die,
            "scan during sync": self._scan_meanwhile,
            "other phone meanwhile": self._other_meanwhile,
        }

    def carry(self, ask: Ask) -> Reply | str:
        """Carry a question to the server and the answer back, or what becomes of them on the way."""
        chance = self.world.chance
        phone = self.world.phones[ask.phone]
        phone.token = ask.headers.get("authorization", phone.token)
        # What happens meanwhile happens in fine weather.
        if self._busy or chance.random() >= self.badness:
            return self._answer(ask, ask.body)
        fault = chance.choice((*self._faults, *IN_BETWEEN))
        self.world.result.faults[fault] += 1
        return IN_BETWEEN[fault] if fault in IN_BETWEEN else self._faults[fault](ask)

    def deliver_late(self) -> None:
        """One of the questions that were held up arrives; nobody waits for the answer any more."""
        if self._delayed:
            late = self._delayed.pop(self.world.chance.randrange(len(self._delayed)))
            self.world.office.answer(late, late.body)

    def _answer(self, ask: Ask, body: str | None) -> Reply | str:
        office = self.world.office
        reply = office.answer(ask, body)
        office.crash = None
        if reply is None:
            return LOST
        if reply.status >= 500:
            self.world.check([f"the server answered {reply.status} to {ask.method} {ask.path}"])
        if reply.status == 200 and ask.path.endswith("/events"):
            self.world.check(checks.answer_claims_what_is_committed(office, json.loads(reply.body)))
            self._replies[_what_is_asked(ask)] = reply
            if ask.body and json.loads(ask.body)["device"] != self.world.phones[ask.phone].device:
                self.relayed.append(ask)
        return reply

    def _delay(self, ask: Ask) -> str:
        self._delayed.append(ask)
        return LOST

    def _lose_reply(self, ask: Ask) -> str:
        self._answer(ask, ask.body)
        return LOST

    def _cut_reply(self, ask: Ask) -> Reply | str:
        reply = self._answer(ask, ask.body)
        if isinstance(reply, Reply):
            return reply._replace(body=reply.body[: self.world.chance.randrange(len(reply.body))])
        return reply

    def _repeat_reply(self, ask: Ask) -> Reply | str:
        return self._replies.get(_what_is_asked(ask)) or self._answer(ask, ask.body)

    def _send_twice(self, ask: Ask) -> Reply | str:
        self._answer(ask, ask.body)
        return self._answer(ask, ask.body)

    def _crash(self, ask: Ask, when: str) -> Reply | str:
        self.world.office.crash = when
        return self._answer(ask, ask.body)

    def _die(self, ask: Ask) -> str:
        self._answer(ask, ask.body)
        self.world.phones[ask.phone].do("die", self.world.now)
        return SILENT

    def _scan_meanwhile(self, ask: Ask) -> Reply | str:
        self._meanwhile(lambda: self.world.record(self.world.phones[ask.phone]))
        return self._answer(ask, ask.body)

    def _other_meanwhile(self, ask: Ask) -> Reply | str:
        others = [one for one in self.world.standing() if one.number != ask.phone and one.alive]
        if others:
            self._meanwhile(lambda: self.world.talk(self.world.chance.choice(others), thorough=False))
        return self._answer(ask, ask.body)

    def _meanwhile(self, deed: Callable[[], None]) -> None:
        self._busy = True
        try:
            deed()
        finally:
            self._busy = False

    def _damaged(self, ask: Ask) -> str | None:
        """The body with the bytes of one frame changed on the way; as it was when there is none."""
        told = json.loads(ask.body) if ask.body else {}
        if not told.get("items"):
            return ask.body
        item = self.world.chance.choice(told["items"])
        frame = item["frame"]
        place = self.world.chance.randrange(len(frame))
        item["frame"] = frame[:place] + ("A" if frame[place] != "A" else "B") + frame[place + 1 :]
        return json.dumps(told)


def _what_is_asked(ask: Ask) -> str:
    """The same for uploads of the same records; their seals differ each time."""
    told = json.loads(ask.body) if ask.body else {}
    told.pop("seal", None)
    return json.dumps([ask.phone, told])
