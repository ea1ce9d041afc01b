"""Names as they are met in Colorado's plants and fields, from many languages, all put together by chance."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Pool:
    """Given and family names of one community, its share, and how often its people prefer Spanish."""

    share: int
    given: tuple[str, ...]
    family: tuple[str, ...]
    prefers_spanish: float = 0.0
    double_family: float = 0.0


POOLS = (
    Pool(
        44,
        (
            "James", "Robert", "Linda", "Patricia", "Michael", "Jennifer", "David", "Susan", "William",
            "Karen", "Richard", "Nancy", "Joseph", "Brenda", "Thomas", "Pamela", "Dale", "Cheryl", "Wade",
            "Tiffany", "Cody", "Amber", "Travis", "Crystal", "Dustin", "Heather", "Shane", "Misty", "Clint",
            "Jolene", "Garrett", "Kayla", "Trent", "Brooke", "Colton", "Shelby", "Earl", "Bonnie", "Wyatt",
        ),
        (
            "Anderson", "Miller", "Johnson", "Thompson", "Weber", "Schmidt", "Becker", "Hergert",
            "Reifschneider",
            "Walker", "Harris", "Clark", "Lewis", "Young", "King", "Wright", "Hill", "Baker", "Nelson",
            "Carter", "Mitchell", "Roberts", "Phillips", "Evans", "Collins", "O’Brien", "MacAllister",
            "Lindgren",
            "Kowalczyk", "Wojciechowski", "Petrović", "Tomsic", "Skube", "DeLuca", "Carpinello",
            "Featherstonehaugh",
        ),
    ),
    Pool(
        37,
        (
            "José", "María", "Juan", "Guadalupe", "Luis", "Rosa", "Carlos", "Ana", "Jesús", "Elena", "Miguel",
            "Yesenia", "Francisco", "Verónica", "Antonio", "Leticia", "Ramón", "Mónica", "Andrés", "Lucía",
            "Héctor", "Xóchitl", "Raúl", "Beatriz", "Óscar", "Inés", "Martín", "Consuelo", "Ángel", "Noemí",
            "Fidel", "Eufemia", "Juan Pablo", "María Guadalupe", "Manuel", "Graciela", "Iván", "Marisol",
        ),
        (
            "García", "Martínez", "Hernández", "López", "González", "Archuleta", "Baca", "Trujillo", "Vigil",
            "Gallegos", "Sánchez", "Ramírez", "Torres", "Montoya", "Maestas", "Valdez", "Salazar", "Quintana",
            "Medina", "Herrera", "Chávez", "Núñez", "Ibáñez", "Muñoz", "Peña", "Lucero", "Espinoza", "Tafoya",
            "Villaseñor", "Mondragón", "Sandoval", "Casías", "de la Cruz", "Ruybal", "Romero", "Ortíz",
        ),
        prefers_spanish=0.42, double_family=0.18,
    ),
    Pool(
        5,
        ("Thắng", "Hương", "Minh", "Lan", "Tuấn", "Ngọc", "Đức", "Thảo", "Quang", "Phương Anh"),
        ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi"),
    ),
    Pool(
        4,
        ("Wilson", "Bah", "Nizhoni", "Leroy", "Shandiin", "Darrell", "Yanaha", "Emerson", "Ashkii", "Verna"),
        ("Begay", "Yazzie", "Benally", "Tsosie", "Nez", "Bitsuie", "Whitehorse", "Lehi", "Cantsee", "House"),
    ),
    Pool(
        4,
        ("Abdi", "Fadumo", "Mohamed", "Hodan", "Ahmed", "Sahra", "Yusuf", "Amina", "Khadar", "Ifrah"),
        ("Hassan", "Warsame", "Abdullahi", "Farah", "Osman", "Jama", "Duale", "Elmi"),
    ),
    Pool(
        3,
        ("Eh Doh", "Paw", "Saw Htoo", "Naw Mu", "Xiong", "Mai", "Pao", "Kia", "Tou", "Yer"),
        ("Htoo", "Say", "Vang", "Lor", "Moua", "Thao", "Soe", "Wah"),
    ),
    Pool(
        3,
        ("Oleksandr", "Iryna", "Dmytro", "Olha", "Samuel", "Abeba", "Dawit", "Selam", "Rajesh", "Priya"),
        ("Kovalenko", "Shevchenko", "Bondar", "Tesfaye", "Bekele", "Gebremariam", "Patel", "Sharma"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Name:
    """Somebody's given and family name, and the language they would rather read."""

    given: str
    family: str
    language: str | None


class NameMaker:
    """Names one after the other, never the same twice."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._used: set[str] = set()

    def next(self) -> Name:
        """Another name."""
        while True:
            name = self._try()
            key = plain(f"{name.given} {name.family}")
            if key not in self._used:
                self._used.add(key)
                return name

    def _try(self) -> Name:
        chance = self._chance
        pool = chance.choices(POOLS, weights=[pool.share for pool in POOLS])[0]
        family = chance.choice(pool.family)
        if chance.random() < pool.double_family:
            family = f"{family} {chance.choice([one for one in pool.family if one != family])}"
        elif chance.random() < 0.03:
            family = f"{family}-{chance.choice([one for one in pool.family if one != family])}"
        language = "es" if chance.random() < pool.prefers_spanish else None
        return Name(chance.choice(pool.given), family, language)


def plain(text: str) -> str:
    """A name in plain small letters, as it stands in addresses."""
    text = text.casefold().replace("đ", "d").replace("ø", "o")
    letters = unicodedata.normalize("NFKD", text)
    return "".join(one for one in letters if "a" <= one <= "z")
