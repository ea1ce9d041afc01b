"""Walk through the site as one person, by its own links, and find one address for each kind of page."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

SEEN_PER_ENDPOINT = 4
# A mail as its reader sees it stands in a frame of its own and is no page of this site.
# The links of a mail are for whoever got it, and the demo shows everybody every mail.
LEADS_ELSEWHERE = {"jobs.mail"}
NOT_PAGES = {"static", "style", "jobs.mail_html"}


@dataclass(frozen=True)
class Found:
    """A page that a link led to."""

    endpoint: str
    path: str
    html: str


@dataclass(frozen=True)
class Broken:
    """A link that led nowhere good."""

    path: str
    status: int
    linked_from: str


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.extend(value for name, value in attrs if name == "href" and value)


def walk(app: Flask, client: FlaskClient, start: str = "/") -> tuple[list[Found], list[Broken]]:
    """Follow links from a page; gives the first page of each endpoint, and every link that failed.

    Of addresses that differ only in ids or filters, a few are followed: enough to find what lies behind.
    """
    waiting = deque([(start, "")])
    asked: set[str] = set()
    times: dict[str, int] = {}
    pages: dict[str, Found] = {}
    broken: list[Broken] = []
    while waiting:
        path, linked_from = waiting.popleft()
        endpoint = _endpoint(app, path)
        if path in asked or endpoint in NOT_PAGES or times.get(endpoint, 0) >= SEEN_PER_ENDPOINT:
            continue
        asked.add(path)
        times[endpoint] = times.get(endpoint, 0) + 1
        answer = client.get(path)
        if answer.status_code >= 400:
            broken.append(Broken(path, answer.status_code, linked_from))
        elif answer.status_code >= 300:
            waiting.append((urljoin(path, answer.location), path))
        elif answer.mimetype == "text/html":
            pages.setdefault(endpoint, Found(endpoint, path, answer.text))
            if endpoint not in LEADS_ELSEWHERE:
                waiting.extend((link, path) for link in _links_of(answer.text, path))
        answer.close()
    return list(pages.values()), broken


def _links_of(html: str, path: str) -> Iterator[str]:
    parser = _Links()
    parser.feed(html)
    for link in parser.found:
        parts = urlsplit(urljoin(f"http://localhost{path}", link))
        if parts.netloc == "localhost" and parts.scheme == "http":
            yield f"{parts.path}?{parts.query}" if parts.query else parts.path


def _endpoint(app: Flask, path: str) -> str:
    adapter = app.url_map.bind("localhost")
    try:
        endpoint, _values = adapter.match(urlsplit(path).path, "GET")
    except HTTPException:
        return ""
    return str(endpoint)
