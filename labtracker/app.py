"""The application factory: configuration, extensions, slices; no logic."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from labtracker import config, tables
from labtracker.accounts import scheduled as reminding
from labtracker.accounts import views as accounts
from labtracker.accounts.sign_in import load_signed_in
from labtracker.accounts.signals import tenure_changed
from labtracker.backups import scheduled as backups
from labtracker.certificates import views as certificates
from labtracker.certificates.signals import certificates_issued
from labtracker.checkin import api as checkin_api
from labtracker.checkin import services as checkins
from labtracker.checkin import views as checkin
from labtracker.checkin.api import openapi
from labtracker.checkin.signals import events_stored
from labtracker.completion import reminders as completion_reminders
from labtracker.completion import services as completions
from labtracker.completion import views as completion
from labtracker.extensions import csrf, db, init_database, limiter, login, migrate
from labtracker.feeds import services as feed_services
from labtracker.feeds import views as feeds
from labtracker.fleet import reminders as fleet_reminders
from labtracker.fleet import views as fleet
from labtracker.jobs import views as jobs
from labtracker.labs import views as labs
from labtracker.own_page import services as own_pages
from labtracker.own_page import views as own_page
from labtracker.reports import views as reports
from labtracker.roster import reminders as roster_reminders
from labtracker.roster import views as roster
from labtracker.roster.signals import enrollments_changed, enrollments_leaving, workers_merged
from labtracker.scheduling import reminders
from labtracker.scheduling import views as scheduling
from labtracker.scheduling.queries import open_dates
from labtracker.scheduling.signals import crew_changed, sessions_changed
from labtracker.timelines import views as timelines
from labtracker.web import setup as web
from labtracker.web.checklist import add_steps
from labtracker.web.landing import show_dates_from
from labtracker.web.navigation import add_places

# The views of each slice. A slice's views module has a `blueprint` and may have `PLACES` for the navigation.
VIEWS: tuple[Any, ...] = (
    jobs,
    accounts,
    labs,
    fleet,
    roster,
    checkin,
    checkin_api,
    openapi,
    completion,
    certificates,
    own_page,
    scheduling,
    feeds,
    reports,
    timelines,
)
# Modules that do work for later: importing them says who does which job.
BACKGROUND: tuple[Any, ...] = (
    backups,
    reminding,
    completion_reminders,
    fleet_reminders,
    reminders,
    roster_reminders,
)


def create_app(**overrides: Any) -> Flask:
    """A ready application; ``overrides`` replace settings by name (tests, the demo, commands)."""
    app = Flask(
        "labtracker",
        root_path=str(config.ROOT / "labtracker"),
        template_folder=str(config.ROOT / "templates"),
        static_folder=str(config.ROOT / "static"),
        instance_path=str(config.ROOT / "instance"),
    )
    app.config.update(config.complete({**config.load_settings(), **overrides}))
    if app.config["TRUST_PROXY"]:
        hops = app.config["TRUST_PROXY"]
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    _bind_extensions(app)
    web.install(app)
    show_dates_from(app, open_dates)
    _connect_signals()
    for module in VIEWS:
        app.register_blueprint(module.blueprint)
        add_places(app, getattr(module, "PLACES", ()))
        add_steps(app, getattr(module, "FIRST_STEPS", ()))
    return app


def _bind_extensions(app: Flask) -> None:
    init_database(app)
    migrate.init_app(app, db, directory=str(config.ROOT / "migrations"))
    login.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    login.user_loader(load_signed_in)
    assert tables.metadata.tables, "every slice's tables are known before the first query"


def _connect_signals() -> None:
    """What something low must move in something high, in the same transaction."""
    events_stored.connect(completions.refresh_after_events)
    enrollments_changed.connect(checkins.refresh_after_roster)
    enrollments_changed.connect(completions.refresh_after_roster)
    enrollments_leaving.connect(checkins.forget_after_roster)
    enrollments_leaving.connect(completions.forget_after_roster)
    workers_merged.connect(completions.refresh_after_merge)
    workers_merged.connect(checkins.refresh_after_merge)
    crew_changed.connect(checkins.refresh_after_crew)
    sessions_changed.connect(checkins.refresh_after_sessions)
    tenure_changed.connect(feed_services.stop_feeds_of_archived)
    tenure_changed.connect(checkins.refresh_after_tenure)
    certificates_issued.connect(own_pages.mail_about_certificates)
