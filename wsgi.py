"""The WSGI application: ``gunicorn wsgi:app``."""

from labtracker.app import create_app

app = create_app()
