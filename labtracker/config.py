"""Environment to settings, each documented once.

``SETTINGS`` is the whole list; the README's table is checked against it by a test.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Setting:
    """One setting: its environment variable, how text becomes a value, its default, its meaning."""

    name: str
    convert: Callable[[str], Any]
    default: Any
    meaning: str


class SettingError(ValueError):
    """A setting that cannot be meant; the message names it and says what is understood."""


def _flag(text: str) -> bool:
    word = text.strip().lower()
    if word not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
        raise ValueError("1 or 0 is understood (or yes, no, true, false, on, off)")
    return word in {"1", "true", "yes", "on"}


def _number(text: str) -> int:
    if not text.strip().isdecimal():
        raise ValueError("a whole number is understood, such as 1")
    return int(text)


def _hours(text: str) -> float:
    if not text.strip().replace(".", "", 1).isdecimal():
        raise ValueError("a number of hours is understood, such as 24 or 0.5")
    return float(text)


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise ValueError("the name of a time zone is understood, such as America/Denver") from None
    return text


def _address(text: str) -> str:
    parts = urlsplit(text.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError(
            "http or https and a host without a path is understood: https://training.example.org"
        )
    return f"{parts.scheme}://{parts.netloc}"


def _hosts(text: str) -> tuple[str, ...]:
    return tuple(host.strip().lower() for host in text.split(",") if host.strip())


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _database(text: str) -> str:
    # Hosting providers still hand out the old scheme; psycopg 3 has to be named.
    for scheme in ("postgres://", "postgresql://"):
        if text.startswith(scheme):
            text = "postgresql+psycopg://" + text.removeprefix(scheme)
    try:
        url = make_url(text)
        # A host with a sign in it is the end of a password that was not written as addresses want it.
        known = url.drivername in {"postgresql+psycopg", "sqlite"} and not set("@ %") & set(url.host or "")
    except (ArgumentError, ValueError):
        known = False
    if not known:
        # What was given is not repeated: it may hold a password.
        raise ValueError(
            "postgresql://USER:PASSWORD@HOST/NAME or sqlite:////FOLDER/FILE is understood; "
            "in a password write @ as %40, : as %3A, / as %2F and % as %25"
        )
    return text


SETTINGS: tuple[Setting, ...] = (
    Setting("DATABASE_URL", _database, "", "Where data lives; empty means SQLite in `instance/`."),
    Setting("SECRET_KEY", str, "", "Signs cookies; empty means a key kept in `instance/secret-key`."),
    Setting("PUBLIC_URL", _address, "http://127.0.0.1:8000", "The address people and badges use."),
    Setting("BADGE_HOSTS", _hosts, (), "Hosts of badges, current and former; empty means PUBLIC_URL's host."),
    Setting(
        "PROVIDER_NAME", str, "", "Name in the header and mails; empty means the training provider's own."
    ),
    Setting("DEFAULT_ZONE", _zone, "America/Denver", "Time zone where a place has none of its own."),
    Setting("SMTP_HOST", str, "", "Mail server; empty keeps mail in the outbox."),
    Setting("SMTP_PORT", _number, 587, "Port of the mail server."),
    Setting("SMTP_USER", str, "", "User name at the mail server."),
    Setting("SMTP_PASSWORD", str, "", "Password at the mail server."),
    Setting("SMTP_TLS", _flag, True, "Whether to use STARTTLS with the mail server."),
    Setting("MAIL_FROM", str, "labtracker@localhost", "Sender of all mail."),
    Setting("TRUST_PROXY", _number, 0, "How many proxies in front set X-Forwarded headers."),
    Setting("WEB_CONCURRENCY", _number, 1, "Web processes; more than one only with PostgreSQL."),
    Setting("DEMO", _flag, False, "Demo mode: cast sign-in, visible outbox, DEMO on every page."),
    Setting("DEMO_CODE", str, "", "What visitors of an open demo type; `labtracker demo --open` sets it."),
    Setting("INSTANCE_DIR", str, str(ROOT / "instance"), "Folder for the database file and the key."),
    Setting("EMPLOYER_FILES_MB", _number, 500, "Room for files of one employer, in megabytes."),
    Setting("BACKUP_TARGETS", _names, (), "Where backups go: folders, `s3://bucket/path`; comma between."),
    Setting("BACKUP_EVERY", _hours, 24, "Hours between backups by `labtracker work`; 0: cron makes them."),
    Setting("BACKUP_KEEP", _number, 10, "How many of the newest backups to keep; never fewer than two."),
    Setting("BACKUP_KEEP_DAYS", _number, 30, "For how many days to keep the last backup of each day."),
    Setting("BACKUP_RECIPIENT", str, "", "Public age key that backups are encrypted to; empty: none."),
    Setting("BACKUP_S3_ENDPOINT", str, "", "Address of the S3-compatible store; empty means Amazon's."),
    Setting("BACKUP_S3_REGION", str, "us-east-1", "Region of the S3-compatible store."),
    Setting("BACKUP_S3_KEY", str, "", "Access key of the store; empty: from the environment it runs in."),
    Setting("BACKUP_S3_SECRET", str, "", "Secret key of the store."),
)


def load_settings(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """All settings from the environment, defaults filled in, plus what Flask derives from them.

    Raises SettingError when a variable cannot be understood.
    """
    source = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        text = source.get(setting.name, "")
        try:
            values[setting.name] = setting.convert(text) if text != "" else setting.default
        except ValueError as error:
            raise SettingError(f"The setting {setting.name} cannot be used: {error}.") from error
    return values


def complete(values: dict[str, Any]) -> dict[str, Any]:
    """Flask's own keys from ours: database address, session cookies, body size, secret key."""
    instance = Path(values["INSTANCE_DIR"])
    secure = values["PUBLIC_URL"].startswith("https://")
    database = values["DATABASE_URL"] or f"sqlite:///{instance / 'labtracker.sqlite'}"
    host = values["PUBLIC_URL"].split("://", 1)[-1].split("/", 1)[0].lower()
    return {
        **values,
        "SQLALCHEMY_DATABASE_URI": database,
        "SECRET_KEY": values["SECRET_KEY"] or _kept_key(instance),
        "BADGE_HOSTS": values["BADGE_HOSTS"] or (host,),
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": 12 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "WTF_CSRF_TIME_LIMIT": None,
        # Pages send no referrer (some addresses hold a secret), so its absence cannot count against a form;
        # the token in the form and the cookie's SameSite do that work.
        "WTF_CSRF_SSL_STRICT": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
    }


def make_instance_folder(folder: Path) -> None:
    """Make the folder of database and key, for this user alone; one that is there stays as it is.

    Raises SettingError when it cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(
            f"The setting INSTANCE_DIR cannot be used: {folder} cannot be made ({error.strerror})."
        ) from error


def _kept_key(folder: Path) -> str:
    path = folder / "secret-key"
    if not path.exists():
        make_instance_folder(folder)
        try:
            _keep_new_key(path)
        except OSError as error:
            raise SettingError(
                f"The setting INSTANCE_DIR cannot be used: {path} cannot be written ({error.strerror})."
            ) from error
    return path.read_text()


def _keep_new_key(path: Path) -> None:
    # Written apart and then given its name: nobody reads half a key, and of two processes that begin at
    # once the second takes the first one's.
    draft = path.with_name(f"secret-key.{os.getpid()}")
    draft.touch(mode=0o600)
    try:
        draft.write_text(secrets.token_urlsafe(32))
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()
