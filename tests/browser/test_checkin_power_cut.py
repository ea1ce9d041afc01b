"""A phone whose power is cut in mid-scan: whom its screen had confirmed is there when the power is back."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error, Playwright, expect

from tests.browser import chromium
from tests.browser.conftest import Workday, checked_in
from tests.browser.handset import Handset
from tests.powercut.power import Power, needs_compiler

# `make power-cut ROUNDS=50` asks for more.
ROUNDS = int(os.environ.get("ROUNDS", "1"))
PLANTED_ROUNDS = max(1, ROUNDS // 4)
# So many people arrive before each cut, at most and at least.
MOST, LEAST = 14, 4
CREW = [("Alma", f"Apodaca {number}") for number in range(ROUNDS * MOST)]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("workday", [CREW], indirect=True, ids=["enough people"]),
    needs_compiler,
    pytest.mark.skipif(chromium.chromium_path() is None, reason="Chromium is not installed"),
]

# Types each code as soon as the screen has confirmed the one before, tells of each confirmation without
# waiting to be heard, and ends by the cut alone.
TYPE_ALL = """async (people) => {
  const until = async (answer) => {
    for (const end = Date.now() + 60_000; Date.now() < end; ) {
      const found = answer();
      if (found) return found;
      await new Promise((done) => setTimeout(done, 1));
    }
    throw new Error(`still not so: ${answer}`);
  };
  const tools = [...document.querySelectorAll('.scan__tools button')];
  const button = tools.find((one) => /code/.test(one.textContent));
  for (const [code, name] of people) {
    button.click();
    const field = await until(() => document.querySelector('#field-code'));
    field.value = code;
    field.form.requestSubmit();
    await until(() => document.querySelector('.verdict--in .verdict__name')?.textContent === name);
    window.confirmed(name);
    await until(() => !document.querySelector('dialog'));
  }
  await new Promise(() => {});
}"""
# The planted fault: whatever the client asks for, it gets transactions whose end says nothing about the disk.
RELAXED = """const { transaction } = IDBDatabase.prototype;
IDBDatabase.prototype.transaction = function (stores, mode) {
  return transaction.call(this, stores, mode, { durability: 'relaxed' });
};"""


@pytest.fixture
def phone(playwright: Playwright, workday: Workday, tmp_path: Path) -> Iterator[tuple[Handset, Power]]:
    """A paired phone without signal, and the power of its disk."""
    power = Power(tmp_path)
    options = {"env": power.environment, "permissions": []}
    phone = Handset(playwright, power.folder, workday.server.address, options=options)
    phone.switch_on()
    phone.pair(workday.server.pairing_code("tom@college.example"))
    workday.server.kill()
    power.settle()
    yield phone, power
    phone.switch_off()


def arrive_until_the_cut(
    phone: Handset, power: Power, people: list[tuple[str, str]], dice: random.Random, seed: int | None
) -> list[str]:
    """Type codes, cut the power somewhere in the middle; gives the names that the screen had confirmed."""
    confirmed: list[str] = []
    enough = dice.randint(LEAST, len(people) - 1)

    def confirm(name: str) -> None:
        if len(confirmed) == enough:
            return
        confirmed.append(name)
        if len(confirmed) == enough:
            # Long enough for the next record to be anywhere on its way to the disk.
            time.sleep(dice.uniform(0, 0.05))
            power.cut(seed)

    phone.page.expose_function("confirmed", confirm)
    phone.page.locator(".session-card__scan").first.click()
    phone.page.locator(".client--scan").wait_for()
    with pytest.raises(Error, match="closed"):
        phone.page.evaluate(TYPE_ALL, people)
    phone.switch_off()
    assert len(confirmed) == enough
    return confirmed


def send_all(phone: Handset, day: Workday) -> list[str]:
    """Have the server back and everything sent; gives the names that it knows as arrived."""
    day.server.start()
    phone.go("unsent")
    phone.page.get_by_role("button", name="Send now").click()
    expect(phone.page.locator(".status-line")).to_contain_text("all sent")
    return checked_in(day)


def live_through(
    phone: tuple[Handset, Power], day: Workday, rounds: int, planted: str | None = None
) -> tuple[list[str], list[str]]:
    """Have people arrive and cut the power, again and again, and send in the end what is left.

    Gives the names that the screen had confirmed, and those that the server then knows as arrived.
    """
    handset, power = phone
    people = list(zip(day.codes, day.names, strict=True))
    confirmed: list[str] = []
    for number in range(rounds):
        if planted:
            assert handset.context
            handset.context.add_init_script(planted)
            handset.page.reload()
        crew = people[number * MOST : (number + 1) * MOST]
        # Every other cut leaves what was synced and not a byte more. Torn pages may cost the kept copy of the
        # client's own files, so from the first of the others on there is signal at each start.
        seed = number if number % 2 and not planted else None
        confirmed += arrive_until_the_cut(handset, power, crew, random.Random(number), seed)
        has_signal = number > 0 and not planted
        if has_signal:
            day.server.start()
        handset.switch_on()
        if has_signal:
            expect(handset.page.locator(".status-line")).to_contain_text("all sent")
            day.server.kill()
    return confirmed, send_all(handset, day)


def test_whom_the_screen_confirmed_outlives_a_power_cut(
    workday: Workday, phone: tuple[Handset, Power]
) -> None:
    confirmed, arrived = live_through(phone, workday, ROUNDS)
    lost = set(confirmed) - set(arrived)
    print(f"\nStrict: {ROUNDS} cuts, {len(confirmed)} people confirmed, {len(lost)} of them lost")
    assert lost == set()
    assert len(arrived) == len(set(arrived))


def test_a_phone_that_syncs_less_is_caught(workday: Workday, phone: tuple[Handset, Power]) -> None:
    confirmed, arrived = live_through(phone, workday, PLANTED_ROUNDS, RELAXED)
    lost = set(confirmed) - set(arrived)
    print(f"\nRelaxed: {PLANTED_ROUNDS} cuts, {len(confirmed)} people confirmed, {len(lost)} of them lost")
    assert lost
