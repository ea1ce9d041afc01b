"""Faults planted into the real modules, each of which the simulator must catch.

A mutant changes one place in one file, of the client or of the server, for as long as the block lasts.
"""

from __future__ import annotations

import ast
import importlib
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from flask import Flask

from labtracker import config

CLIENT = config.ROOT / "static" / "js"
# Inside the project, so that Node finds the packages that the client imports.
COPIES = config.ROOT / "test-results" / "mutants"


@dataclass(frozen=True)
class Mutant:
    """A planted fault: ``old`` becomes ``new`` in a script, or in the server's function ``module:name``."""

    name: str
    where: str
    old: str
    new: str
    seed: int = 0  # whose world shows it; another may, once our code has changed
    # Further places that share the fault, where the client guards against it twice.
    also: tuple[tuple[str, str, str], ...] = ()

    @property
    def in_client(self) -> bool:
        """Whether it sits on the phone."""
        return self.where.endswith(".js")


MUTANTS = (
    Mutant(
        "delete on receipt",
        "checkin/store/outbox.js",
        "return chainAgrees && row.seq <= answer.durable.seq;",
        "return result !== undefined && HELD.has(result.verdict);",
    ),
    Mutant(
        "delete on any 200",
        "checkin/sync/push.js",
        "if (!answer || !answersTo(answer, upload.items)) return unbelieved('not_ours');",
        """if (!answer || !answersTo(answer, upload.items)) {
    const results = upload.items.map(({ seq, hash }) => ({ seq, hash, verdict: 'stored', durable: true }));
    const none = { seq: 0, hash: '0'.repeat(64) };
    const { incarnation } = upload;
    await store.applyAnswer({ incarnation, have: none, durable: none, results, onChain: false });
    return unbelieved('not_ours');
  }""",
        seed=10,
    ),
    Mutant(
        "delete on 4xx",
        "checkin/sync/push.js",
        "if (!reply.ok) return { answer: null,",
        """if (!reply.ok && reply.status >= 400 && reply.status < 500) {
    const results = upload.items.map(({ seq, hash }) => ({ seq, hash, verdict: 'stored', durable: true }));
    const none = { seq: 0, hash: '0'.repeat(64) };
    const { incarnation } = upload;
    await store.applyAnswer({ incarnation, have: none, durable: none, results, onChain: false });
  }
  if (!reply.ok) return { answer: null,""",
        seed=1,
    ),
    Mutant(
        "durable by one backup",
        "labtracker.backups.services.recording:settle_durable",
        "(_marks_of(backup.id) for backup in pair)",
        "(_marks_of(pair[0].id) for _backup in pair)",
    ),
    Mutant(
        "reject a whole batch for one bad item",
        "labtracker.checkin.api.events:_receive",
        "receipt = receive_upload(",
        "if any(item.verdict == 'quarantined' for item in items):\n"
        "        raise DomainError('bad_item', 'one of these is bad', status=422)\n"
        "    receipt = receive_upload(",
    ),
    Mutant(
        "drop what cannot be decoded",
        "labtracker.checkin.services.receiving:receive_upload",
        "    if fresh:\n",
        "    fresh = [item for item in fresh if isinstance(item.body, Body)]\n    if fresh:\n",
    ),
    Mutant(
        "dedupe by seq",
        "labtracker.checkin.services.inbox:Known.same_as",
        "for chained, damaged in",
        "if item.seq in self.at_seq:\n"
        "            return self.frames.get((min(self.at_seq[item.seq]), True, False))\n"
        "        for chained, damaged in",
    ),
    Mutant(
        "acknowledge before commit",
        "labtracker.checkin.api.events:_keep",
        "            commit()\n",
        "            try:\n                commit()\n            except BaseException:\n"
        "                db.session.rollback()\n",
        seed=3,
    ),
    Mutant(
        "highest seq as watermark",
        "labtracker.checkin.rules.watermark:advanced",
        "    while True:\n",
        "    if at:\n        last = at[max(at)][0]\n"
        "        return Mark(last.seq, last.hash)\n    while True:\n",
        seed=4,
    ),
    Mutant(
        "watermark without hash",
        "checkin/store/outbox.js",
        "return rows.some((row) => row.seq === durable.seq && row.hash === durable.hash);",
        "return rows.some((row) => row.seq === durable.seq);",
        seed=12,
        also=(
            (
                "checkin/sync/push.js",
                "if (have.seq === end.seq) return have.hash !== end.hash;",
                "if (have.seq === end.seq) return false;",
            ),
            (
                "checkin/sync/push.js",
                "return row !== undefined && row.hash !== have.hash;",
                "return false;",
            ),
        ),
    ),
    Mutant(
        "trust the phone's memory of what was sent",
        "checkin/store/outbox.js",
        "return { ...row, damagedReplies, state: held ? 'taken' : 'waiting' };",
        "return { ...row, damagedReplies, state: held || row.state === 'taken' ? 'taken' : 'waiting' };",
        seed=4,
    ),
    Mutant(
        "ignore the epoch",
        "labtracker.checkin.api.pack:_cursor",
        'if request.args.get("epoch", "") != epoch or not (',
        "if not (",
        seed=4,
    ),
    Mutant(
        "cursor before rows",
        "checkin/sync/pull.js",
        "if (!page.more) return { pages };",
        """if (!page.more) return { pages };
    const early = { epoch: page.epoch, cursor: page.cursor, fetchedAt: 0 };
    const nothing = { sessions: [], cohorts: [], enrollments: [], revoked: [], gone: [] };
    await parts.store.applyPack({ reset: false, changes: nothing, state: early });""",
    ),
    Mutant(
        "voids in arrival order",
        "labtracker.checkin.queries.events:_presence_query",
        "void.c.target_event_id == base.c.id)",
        "void.c.target_event_id == base.c.id, void.c.frame_id > base.c.frame_id)",
        seed=8,
    ),
    Mutant(
        "confirm before saving",
        "checkin/store/outbox.js",
        "    const facts = await tryToRecord(database, bodies, atMs);\n",
        """    const facts = (await framed(await chainEnd(database), bodies, atMs)).facts;
    setTimeout(() => void tryToRecord(database, bodies, atMs), 60_000);
""",
    ),
    Mutant(
        "a carrier lets go on receipt",
        "checkin/store/carried.js",
        "results.filter((one) => one.durable && HELD.has(one.verdict))",
        "results.filter((one) => HELD.has(one.verdict))",
    ),
    Mutant(
        "a carrier lets go once one record is safe",
        "checkin/store/carried.js",
        "return items.every((item) => durable.has(`${item.seq} ${item.hash}`));",
        "return items.some((item) => durable.has(`${item.seq} ${item.hash}`));",
        seed=1,
    ),
    Mutant(
        "a carrier says yes before saving",
        "checkin/keeping.js",
        "    await carried.take(parcels);\n",
        "    setTimeout(() => void carried.take(parcels), 60_000);\n",
    ),
    Mutant(
        "whoever gives forgets",
        "checkin/bundle.js",
        "  return { labtracker_bundle: 1, uploads };\n",
        """  for (const { incarnation, items } of uploads) {
    const results = items.map(({ seq, hash }) => ({ seq, hash, verdict: 'stored', durable: true }));
    const none = { seq: 0, hash: '0'.repeat(64) };
    await store.applyAnswer({ incarnation, have: none, durable: none, results, onChain: false });
  }
  return { labtracker_bundle: 1, uploads };
""",
    ),
    Mutant(
        "a parcel needs no proof",
        "labtracker.checkin.services.receiving:_prove",
        "covered = covered_by_seal(items) if good else set()",
        "covered = {*range(len(items))}",
    ),
    Mutant(
        "one's own name is proof enough",
        "checkin/sync/relay.js",
        "items: sent, carried: true,",
        "items: sent,",
    ),
)


@contextmanager
def planted(mutant: Mutant, app: Flask) -> Iterator[Path | None]:
    """Plant a fault; gives the folder of the client's scripts where it sits on the phone."""
    if mutant.in_client:
        folder = COPIES / mutant.name.replace(" ", "-").replace("'", "")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(CLIENT, folder)
        for where, old, new in ((mutant.where, mutant.old, mutant.new), *mutant.also):
            file = folder / where
            file.write_text(_changed(file.read_text(encoding="utf-8"), old, new), encoding="utf-8")
        try:
            yield folder
        finally:
            shutil.rmtree(folder)
        return
    before = _exchange(mutant, app)
    try:
        yield None
    finally:
        for put_back in before:
            put_back()


def _changed(source: str, old: str, new: str) -> str:
    if source.count(old) != 1:
        raise LookupError(f"there is no longer exactly one place that reads: {old}")
    return source.replace(old, new)


def _exchange(mutant: Mutant, app: Flask) -> list[Callable[[], None]]:
    """Put the changed function in the real one's place, wherever that is known; gives the ways back."""
    module_name, _, path = mutant.where.partition(":")
    module = importlib.import_module(module_name)
    *classes, name = path.split(".")
    holder: Any = module
    for part in classes:
        holder = getattr(holder, part)
    real, changed = getattr(holder, name), _compiled(mutant, module, classes, name)
    before = [partial(setattr, holder, name, real)]
    setattr(holder, name, changed)
    for other in [one for key, one in sys.modules.items() if key.startswith("labtracker.")]:
        for label, value in list(vars(other).items()):
            if value is real:
                before.append(partial(setattr, other, label, real))
                setattr(other, label, changed)
    for endpoint, view in list(app.view_functions.items()):
        if view is real:
            before.append(partial(app.view_functions.__setitem__, endpoint, real))
            app.view_functions[endpoint] = changed
    return before


def _compiled(mutant: Mutant, module: ModuleType, classes: list[str], name: str) -> Any:
    assert module.__file__
    body: Any = ast.parse(
        _changed(Path(module.__file__).read_text(encoding="utf-8"), mutant.old, mutant.new)
    ).body
    for part in classes:
        body = next(one.body for one in body if isinstance(one, ast.ClassDef) and one.name == part)
    function = next(one for one in body if isinstance(one, ast.FunctionDef) and one.name == name)
    function.decorator_list = []
    future = ast.parse("from __future__ import annotations").body
    made: dict[str, Any] = {}
    code = compile(ast.Module([*future, function], []), module.__file__, "exec")
    exec(code, module.__dict__, made)
    return made[name]
