"""What a password must be: long, not what everybody takes, not the person, not a pattern.

The words below are those that people everywhere build passwords from; a password that is nothing but one or
two of them with digits and signs around is as good as known.
"""

from __future__ import annotations

import re

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 200


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COMMON = _words(
    """
    password passwort passw pass contrasena contraseña clave letmein welcome bienvenido bienvenida admin
    administrator administrador login access acceso secret secreto changeme default user usuario guest temp
    test testing qwerty qwertyuiop asdf asdfgh asdfghjkl zxcvbn zxcvbnm azerty iloveyou teamo tequiero love
    amor lovely princess princesa prince angel angeles baby sunshine shadow master monkey dragon superman
    batman spiderman pokemon starwars football futbol baseball basketball soccer hockey broncos rockies
    nuggets avalanche raiders cowboys steelers yankees summer winter spring autumn verano invierno primavera
    january february march april may june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday enero febrero marzo abril mayo junio julio agosto septiembre
    octubre noviembre diciembre lunes martes miercoles jueves viernes sabado domingo colorado denver pueblo
    boulder america mexico trustno whatever freedom jesus jesucristo dios blessed hello hola computer
    internet google facebook youtube android iphone samsung apple michael jennifer jessica ashley daniel
    andrew joshua jordan hunter harley mustang corvette ferrari mercedes chevrolet killer ninja cookie
    chocolate cheese banana orange purple yellow silver golden diamond flower butterfly family familia money
    dinero forever training trailer welding welder labtracker mobile lab college school student company
    liverpool manchester chelsea arsenal barcelona madrid realmadrid real chivas guadalupe mississippi christ
    jesuschrist thisis thisisa thisismy mypassword ilove mucho please now bienvenidos center centro
    capacitacion trabajo work worker trainer trabajador correcthorsebatterystaple
    """
)
_LEET = str.maketrans("0134578@$!|€", "oleastbasile")
_ROWS = ("qwertyuiop", "asdfghjklñ", "zxcvbnm", "1234567890", "qwertzuiop", "abcdefghijklmnopqrstuvwxyz")
# Down the keyboard instead of along it.
_COLUMNS = ("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "qazwsxedcrfvtgbyhnujm", "qweasdzxc")


def password_problem(password: str, *, email: str = "", name: str = "") -> str | None:
    """The code of what is wrong with a password, or None.

    ``too_short``, ``too_long``, ``common``, ``about_you`` or ``pattern``.
    """
    if len(password) < MINIMUM_LENGTH:
        return "too_short"
    if len(password) > MAXIMUM_LENGTH:
        return "too_long"
    if _is_pattern(password):
        return "pattern"
    if _is_about(password, email, name):
        return "about_you"
    if _is_common(password):
        return "common"
    return None


def _is_pattern(password: str) -> bool:
    plain = password.casefold()
    if len(set(plain)) < 5:
        return True
    unit = (plain + plain).find(plain, 1)
    if unit <= len(plain) // 2 and unit < 8:
        return True
    # Two patterns that take turns are one, too: a1b2c3d4e5f6.
    letters = "".join(character for character in plain if character.isalpha())
    return _in_rows(plain) * 2 > len(plain) or (len(letters) >= 4 and _in_rows(letters) == len(letters))


def _in_rows(plain: str) -> int:
    """How many characters lie in runs of four or more along a row of keys or the alphabet."""
    covered = start = 0
    for position in range(1, len(plain) + 1):
        if position < len(plain) and _neighbours(plain[position - 1], plain[position]):
            continue
        if position - start >= 4:
            covered += position - start
        start = position
    return covered


def _neighbours(one: str, other: str) -> bool:
    return any(one + other in row or other + one in row for row in _ROWS + _COLUMNS)


def _is_about(password: str, email: str, name: str) -> bool:
    plain = password.casefold()
    known = re.split(r"[^\w]+|_", f"{email} {name}".casefold())
    rest = plain
    for word in sorted((word for word in known if len(word) >= 3), key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != plain and sum(character.isalnum() for character in rest) < 8


def _is_common(password: str) -> bool:
    plain = password.casefold()
    for reading in (plain, plain.translate(_LEET)):
        letters = "".join(character for character in reading if character.isalpha())
        if len(letters) < 4 or _is_words(letters, at_most=2):
            return True
    # Digits and signs hung onto a known word: "Sunshine2026!!" reads differently once 2 and 0 are letters.
    core = plain.strip("0123456789!@#$%^&*()-_=+.,;:?/ ")
    return _is_words(core.translate(_LEET), at_most=2)


def _is_words(letters: str, at_most: int) -> bool:
    if not letters:
        return True
    if at_most == 0:
        return False
    return any(
        letters[:end] in COMMON and _is_words(letters[end:], at_most - 1)
        for end in range(len(letters), 0, -1)
    )
