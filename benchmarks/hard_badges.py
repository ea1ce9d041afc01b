"""B7: hard badges that are read. `python -m benchmarks.hard_badges [held_out|tuning] [quick]`

Scenes are drawn from the badges that the office prints: twelve kinds of damage, two sizes of picture, nine
steps from bearable to hopeless (`benchmarks/decoder/scenes.js`), and traps: empty rooms, codes of others,
codes whose text is gone. The decoder alone gets one picture of each; alone and again it gets as many as the
phone's reader does. A read counts only when it is exactly the badge's text, and anything else that is read
is wrong. `quick` takes a third of the scenes.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.timing import Report
from labtracker.roster.drawing.qr import draw_qr
from labtracker.roster.rules.badges import SECRET_BYTES, badge_url

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "benchmarks" / "decoder" / "hard_badges.js"
# What the tries were chosen by, and what they are judged by.
SEEDS = {"tuning": 1, "held_out": 2}
BADGES = 24
HOST = "labs.college.example"
# About a second before the camera.
PICTURES = 8
TRAPS_EACH = 6
QUICK_EVERY = 3
# Scenes in which nothing wrong may be read; what is read of them otherwise does not count.
TRAPS = ("flipped", "other", "empty")
# Codes of others that people hold before a camera.
OTHERS = (
    "https://example.org/menu?table=14",
    "WIFI:T:WPA;S:workshop;P:not-a-secret;;",
    "HTTPS://LABS.ELSEWHERE.EXAMPLE/B/0000000000000000000000000",
    "tel:+15550100",
)
CONTENDERS = ("plain", "plain_again", "retries", "ours_on_one_picture", "ours")
GOAL_POINTS = 20


def code_of(text: str) -> list[str]:
    """The modules of a text's code, row by row, as the office prints it: `#` is dark."""
    drawing = draw_qr(text)
    rows = [[" "] * drawing.size for _ in range(drawing.size)]
    for run in drawing.runs:
        rows[run.y][run.x : run.x + run.width] = "#" * run.width
    return ["".join(row) for row in rows]


def badges(seed: int, host: str = HOST) -> list[dict[str, Any]]:
    """Badges with their codes, the same ones for the same seed."""
    chance = random.Random(seed)
    texts = [badge_url(chance.randbytes(SECRET_BYTES), host) for _ in range(BADGES)]
    return [{"text": text, "code": code_of(text)} for text in texts]


def answers(seed: int, every: int) -> Iterator[dict[str, Any]]:
    """Each scene, or every third, with what every contender read in it."""
    others = [{"text": text, "code": code_of(text)} for text in OTHERS]
    asked = {"seed": seed, "badges": badges(seed), "others": others, "pictures": PICTURES}
    asked |= {"traps": TRAPS_EACH, "every": every}
    command = [str(ROOT / "tools" / "node"), str(SCRIPT)]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True)
    return (json.loads(line) for line in done.stdout.splitlines())


def show_table(scenes: list[dict[str, Any]]) -> None:
    """Print how many scenes of each kind every contender read."""
    print(f"  {'':<14}" + "".join(f"{name:>22}" for name in CONTENDERS))
    for kind in dict.fromkeys(scene["kind"] for scene in scenes):
        of_kind = [scene for scene in scenes if scene["kind"] == kind]
        counts = "".join(f"{reads(of_kind, name):>22}" for name in CONTENDERS)
        print(f"  {kind:<14}{counts}  of {len(of_kind)}")


def reads(scenes: list[dict[str, Any]], contender: str) -> int:
    """How many of these scenes a contender read."""
    return sum(scene["answers"][contender]["text"] == scene["text"] for scene in scenes)


def main() -> None:
    """Measure one seed."""
    name = "tuning" if "tuning" in sys.argv else "held_out"
    seen = list(answers(SEEDS[name], QUICK_EVERY if "quick" in sys.argv else 1))
    hard = [scene for scene in seen if scene["kind"] not in TRAPS]
    show_table(seen)
    report = Report("B7 hard badges", {"seed": name, "scenes": len(hard), "pictures": PICTURES})
    shares = {contender: 100 * reads(hard, contender) / len(hard) for contender in CONTENDERS}
    for contender, share in shares.items():
        report.figure(f"{contender}_percent", share)
        for size in dict.fromkeys(scene["size"] for scene in hard):
            of_size = [scene for scene in hard if scene["size"] == size]
            report.figure(f"{contender}_percent_{size}", 100 * reads(of_size, contender) / len(of_size))
    wrong = sum(
        scene["answers"][contender]["text"] not in (None, scene["text"])
        for scene in seen
        for contender in CONTENDERS
    )
    report.figure("wrong_reads", wrong)
    report.goal("the decoder alone reads 50 to 75 %", 50 <= shares["plain"] <= 75)
    report.goal(
        f"at least {GOAL_POINTS} points above the decoder alone",
        shares["ours"] >= shares["plain"] + GOAL_POINTS,
    )
    report.goal("no wrong read", wrong == 0)
    report.show()


if __name__ == "__main__":
    main()
