"""Commands that keep running: the service, its worker, the demo."""

from __future__ import annotations

import os
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from labtracker import config
from labtracker import demo as demo_data
from labtracker.app import create_app
from labtracker.cli.database import begin_history
from labtracker.cli.group import OTHER_TABLES
from labtracker.cli.server import bound_socket, is_loopback, run_server
from labtracker.extensions import db
from labtracker.jobs.services import ask_for_recurring, run_due
from labtracker.jobs.worker import stop_on_signals, worker_name
from labtracker.jobs.worker import work as keep_working
from labtracker.kit.ids import readable_code
from labtracker.kit.time import utc_now
from labtracker.web import health

HOST = click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 is all of them."
)
PORT = click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    envvar="PORT",
    help="Port to listen on; the variable PORT sets it, too.",
)


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now and stop.")
@click.option("--with-parent", type=int, hidden=True, help="Stop when this process is gone.")
@with_appcontext
def work(once: bool, with_parent: int | None) -> None:
    """Do background work alone: mail, backups.

    `labtracker serve` brings a worker of its own; this is for a web server that you run by yourself.
    """
    if once:
        ask_for_recurring(utc_now())
        tried = run_due(utc_now(), worker_name())
        click.echo(f"{tried} done or tried")
        return
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    keep_working(app, stop_on_signals(parent=with_parent))


@click.command()
@HOST
@PORT
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1), help="Requests at once.")
@with_appcontext
def serve(host: str, port: int, threads: int) -> None:
    """Serve the web pages, with a worker for background work.

    Put a proxy with HTTPS in front of it for people and phones elsewhere: docs/operations.md says how.
    """
    if current_app.config["DEMO"]:
        raise click.ClickException("DEMO is set. The demo is served by: labtracker demo")
    # A database that is away comes back; with other tables no page would ever work.
    if health.report()[0]["status"] == "migration_needed":
        raise click.ClickException(OTHER_TABLES)
    place = bound_socket(host, port)
    address = current_app.config["PUBLIC_URL"]

    def say_so() -> None:
        click.echo(f"labtracker listens on {host} port {port}, for {address}  (Ctrl+C ends it)")

    run_server(place, threads, say_so)


@click.command()
@HOST
@PORT
@click.option("--rebuild", is_flag=True, help="Build the demo's data anew; what was done in it is lost.")
@click.option("--open", "is_open", is_flag=True, help="Let other machines in, by a code that is printed.")
@click.option("--seed", default=1, show_default=True, help="Another number, other invented data.")
def demo(host: str, port: int, rebuild: bool, is_open: bool, seed: int) -> None:
    """Serve the demo: a year of invented data.

    It lives in a database of its own, which is built at the first start and kept.
    """
    if not is_loopback(host) and not is_open:
        raise click.ClickException(
            f"The demo signs anybody in as anybody, so it does not listen on {host}. "
            "With --open it does, and asks visitors for a code that is printed here."
        )
    place = bound_socket(host, port)
    file = _demo_file()
    for name, value in _demo_environment(file, host, port, is_open).items():
        os.environ[name] = value
    if rebuild:
        _remove(file)
    prepare_demo(file, seed)

    def say_so() -> None:
        if is_open:
            click.echo(f"Visitors must type this code: {os.environ['DEMO_CODE']}")
        click.echo(f"The demo is at {os.environ['PUBLIC_URL']}  (Ctrl+C ends it)")

    run_server(place, 8, say_so)


def prepare_demo(file: Path, seed: int, share: float = 1.0) -> None:
    """Build the demo's database, or a share, if there is none; a half-built one never takes its place."""
    if file.exists():
        with create_app().app_context():
            upgrade()
        return
    click.echo("Building the demo's data ...")
    draft = file.with_suffix(".draft.sqlite")
    _remove(draft)
    app = create_app(DATABASE_URL=f"sqlite:///{draft}")
    with app.app_context():
        upgrade()
        begin_history()
        demo_data.build(utc_now(), seed, share=share)
        db.session.commit()
        db.session.remove()
        # Closing the last connection moves everything from the log into the file.
        db.engine.dispose()
    draft.replace(file)


def _demo_file() -> Path:
    folder = Path(config.load_settings()["INSTANCE_DIR"])
    config.make_instance_folder(folder)
    return folder / "demo.sqlite"


def _demo_environment(file: Path, host: str, port: int, is_open: bool) -> dict[str, str]:
    # In the environment, since the server's processes and the worker each read their own settings.
    shown = "127.0.0.1" if host in ("127.0.0.1", "0.0.0.0", "::") else host  # noqa: S104 - compared only
    return {
        "DATABASE_URL": f"sqlite:///{file}",
        "DEMO": "1",
        "DEMO_CODE": readable_code(6) if is_open else "",
        "PUBLIC_URL": os.environ.get("PUBLIC_URL") or f"http://{shown}:{port}",
        "SMTP_HOST": "",
        # Invented data must never mix with true backups.
        "BACKUP_TARGETS": "",
    }


def _remove(file: Path) -> None:
    for name in (file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
        name.unlink(missing_ok=True)
