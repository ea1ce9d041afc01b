"""Two who edit the same person or organization: the second sees what the first saved, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.extensions import db
from tests.cast import Cast

SignedInAs = Callable[[Person], FlaskClient]


def seen_in(page: str) -> str:
    """The mark that a form carries of what it showed."""
    return page.split('name="seen"', 1)[1].split('value="', 1)[1].split('"', 1)[0]


def test_an_organization_changed_meanwhile_is_not_overwritten(cast: Cast, signed_in_as: SignedInAs) -> None:
    ada, cora = signed_in_as(cast.ada), signed_in_as(cast.cora)
    address = f"/organizations/{cast.steel.id}/edit"
    seen = seen_in(cora.get(address).text)
    facts = {"name": "Steel Works", "city": "Pueblo", "phone": "719 555 0100", "employee_count": "140"}
    first = {**facts, "seen": seen_in(ada.get(address).text)}
    assert ada.post(address, data=first).status_code == 303
    mine = {"name": "Steel Works", "city": "Cañon City", "phone": "", "employee_count": "", "seen": seen}
    refused = cora.post(address, data=mine)
    assert refused.status_code == 409
    assert "Somebody else changed this while you were editing" in refused.text
    assert "Cañon City" in refused.text
    for saved in ("Now saved here: Pueblo", "Now saved here: 719 555 0100", "Now saved here: 140"):
        assert saved in refused.text
    db.session.refresh(cast.steel)
    assert cast.steel.city == "Pueblo"
    again = {**mine, "phone": "719 555 0100", "seen": seen_in(refused.text)}
    assert cora.post(address, data=again).status_code == 303
    db.session.refresh(cast.steel)
    assert (cast.steel.city, cast.steel.phone) == ("Cañon City", "719 555 0100")


def test_the_areas_of_a_workforce_center_count_too(cast: Cast, signed_in_as: SignedInAs) -> None:
    ada, cora = signed_in_as(cast.ada), signed_in_as(cast.cora)
    address = f"/organizations/{cast.pueblo_center.id}/edit"
    seen = seen_in(cora.get(address).text)
    facts = {"name": cast.pueblo_center.name, "seen": seen}
    more = {**facts, "areas": ["CRWC / Pueblo", "CRWC / Southeast"]}
    assert ada.post(address, data=more).status_code == 303
    assert cora.post(address, data={**facts, "areas": ["CRWC / Pueblo"]}).status_code == 409


def test_a_person_changed_meanwhile_is_not_overwritten(cast: Cast, signed_in_as: SignedInAs) -> None:
    cora, tom = signed_in_as(cast.cora), signed_in_as(cast.tom)
    address = f"/people/{cast.tom.id}/edit"
    seen = seen_in(cora.get(address).text)
    own = {"name": "Tomás Baca", "phone": "719 555 0199", "language": "es"}
    assert tom.post("/settings/profile", data=own).status_code == 303
    mine = {"name": "Tom B. Baca", "phone": "", "language": "en", "seen": seen}
    refused = cora.post(address, data=mine)
    assert refused.status_code == 409
    assert "Tom B. Baca" in refused.text
    for saved in ("Now saved here: Tomás Baca", "Now saved here: 719 555 0199", "Now saved here: Español"):
        assert saved in refused.text
    assert cora.post(address, data={**mine, "seen": seen_in(refused.text)}).status_code == 303
    db.session.refresh(cast.tom)
    assert cast.tom.name == "Tom B. Baca"
