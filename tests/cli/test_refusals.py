"""What the commands say when they cannot: a sentence with what to do, never a traceback, never a password."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path

import click
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask.cli import ScriptInfo

from labtracker.app import create_app
from labtracker.cli import import_lists, main
from labtracker.cli.group import OTHER_TABLES, explained
from labtracker.cli.server import bound_socket
from labtracker.config import SETTINGS, SettingError, complete, load_settings


def run(environment: Mapping[str, str], *arguments: str) -> Result:
    fresh = {setting.name: "" for setting in SETTINGS}
    result = CliRunner(env={**fresh, **environment}).invoke(
        main, list(arguments), obj=ScriptInfo(create_app=create_app)
    )
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("SMTP_PORT", "mail", "whole number"),
        ("TRUST_PROXY", "yes", "whole number"),
        ("TRUST_PROXY", "-1", "whole number"),
        ("SMTP_TLS", "banana", "1 or 0"),
        ("DEMO", "2", "1 or 0"),
        ("BACKUP_EVERY", "daily", "number of hours"),
        ("DEFAULT_ZONE", "Mars/Base", "America/Denver"),
        ("DEFAULT_ZONE", "/etc/passwd", "America/Denver"),
        ("PUBLIC_URL", "training.example.org", "https"),
        ("PUBLIC_URL", "ftp://training.example.org", "https"),
        ("PUBLIC_URL", "https://training.example.org/labs", "without a path"),
        ("DATABASE_URL", "nonsense", "postgresql://"),
        ("DATABASE_URL", "mysql://u:secret@host/name", "postgresql://"),
        ("DATABASE_URL", "postgresql://u:secret@host:port/name", "postgresql://"),
        ("DATABASE_URL", "postgresql://u:p@secret %25@host/name", "%40"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_named(name: str, value: str, word: str, tmp_path: Path) -> None:
    result = run({"INSTANCE_DIR": str(tmp_path), name: value}, "doctor")
    assert result.exit_code == 1
    assert f"The setting {name} " in result.output
    assert word in result.output
    assert "secret" not in result.output


def test_settings_as_people_write_them() -> None:
    settings = load_settings(
        {
            "PUBLIC_URL": "https://training.example.org/",
            "SMTP_TLS": "Off",
            "DATABASE_URL": "postgres://u@host/name",
        }
    )
    assert settings["PUBLIC_URL"] == "https://training.example.org"
    assert settings["SMTP_TLS"] is False
    assert settings["DATABASE_URL"] == "postgresql+psycopg://u@host/name"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        result = run({"INSTANCE_DIR": str(folder)}, "doctor")
        assert result.exit_code == 1
        assert f"INSTANCE_DIR cannot be used: {folder}" in result.output


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    values = {**load_settings({}), "INSTANCE_DIR": str(tmp_path / "new" / "instance")}
    first, second = complete(values)["SECRET_KEY"], complete(values)["SECRET_KEY"]
    assert first == second
    assert len(first) > 30
    folder = Path(values["INSTANCE_DIR"])
    assert [path.name for path in folder.iterdir()] == ["secret-key"]
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "secret-key").stat().st_mode & 0o077 == 0


def test_a_key_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path, mode: int = 0, exist_ok: bool = True) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(SettingError, match="Permission denied"):
        complete({**load_settings({}), "INSTANCE_DIR": str(tmp_path)})


def test_a_database_that_is_away(tmp_path: Path) -> None:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        address = f"postgresql://u:secret@127.0.0.1:{place.getsockname()[1]}/name"
        for command in (("migrate",), ("init",), ("pair", "tom@college.example"), ("doctor",)):
            result = run({"INSTANCE_DIR": str(tmp_path), "DATABASE_URL": address}, *command)
            assert result.exit_code == 1
            assert "database" in result.output
            assert "refused" in result.output
            assert "secret" not in result.output


@pytest.mark.parametrize("command", [("serve", "--port", "1"), ("pair", "tom@college.example"), ("doctor",)])
def test_tables_of_another_version(tmp_path: Path, command: tuple[str, ...]) -> None:
    result = run({"INSTANCE_DIR": str(tmp_path)}, *command)
    assert result.exit_code == 1
    assert "labtracker migrate" in result.output
    assert "labtracker init" in result.output


def test_postgresql_says_by_code_that_tables_are_missing() -> None:
    class MissingError(Exception):
        sqlstate = "42P01"

    class DoubledError(Exception):
        sqlstate = "23505"

    assert explained(sa.exc.ProgrammingError("SELECT", {}, MissingError("relation"))) == OTHER_TABLES
    assert explained(sa.exc.IntegrityError("INSERT", {}, DoubledError("twice"))) is None


def test_a_taken_port_is_said_with_another_to_take() -> None:
    with bound_socket("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        first.listen()
        with pytest.raises(click.ClickException, match=f"PORT={port + 1} make run"):
            bound_socket("127.0.0.1", port)


def test_a_foreign_address_and_a_name_that_is_none() -> None:
    for host in ("203.0.113.9", "no such host"):
        with pytest.raises(click.ClickException, match=r"Usual are 127\.0\.0\.1"):
            bound_socket(host, 0)


def test_both_kinds_of_loopback_can_be_bound() -> None:
    with bound_socket("localhost", 0) as place:
        assert place.getsockname()[1]


@pytest.mark.parametrize("port", ["0", "80000", "http"])
def test_what_is_no_port(port: str) -> None:
    for command in ("serve", "demo"):
        result = run({}, command, "--port", port)
        assert result.exit_code == 2
        assert "--port" in result.output


def test_help_lists_our_commands_whole_and_touches_nothing(tmp_path: Path) -> None:
    for group, name in ((main, ()), (import_lists, ("import",))):
        for arguments in ((*name, "--help"), name):
            text = run({"INSTANCE_DIR": str(tmp_path / "none")}, *arguments).output
            listed = text.split("Commands:\n", 1)[1].splitlines()
            assert [line.split()[0] for line in listed] == list(group.commands)
            assert "..." not in text.split("Commands:", 1)[1]
    assert not (tmp_path / "none").exists()


def test_every_option_of_every_command_says_what_it_is_for() -> None:
    commands = [*main.commands.values(), *import_lists.commands.values()]
    silent = [
        f"{command.name} {parameter.opts[0]}"
        for command in commands
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.hidden and not parameter.help
    ]
    assert silent == []
    assert [command.name for command in commands if not command.help] == []
