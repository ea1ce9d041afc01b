"""The WSGI application: ``gunicorn --threads 40 wsgi:app``.

Up to 32 uploads may each occupy a thread while they wait for their turn; the others are for pages.
"""

from labtracker.app import create_app

app = create_app()
