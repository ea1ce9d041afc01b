"""`/openapi.json`: what phones and programs may ask, made from the same types that decode it."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from flask import Blueprint, Response

from labtracker import __version__
from labtracker.checkin.api import checks_wire, wire

blueprint = Blueprint("openapi", __name__)

_SHAPES = (
    wire.Pairing,
    wire.Paired,
    wire.UploadDescribed,
    wire.Receipt,
    wire.Pack,
    checks_wire.SiteChecks,
    checks_wire.PhoneCheck,
    checks_wire.KeptCheck,
    wire.Errors,
    wire.Health,
)
_REFUSALS = {
    400: "Not JSON, or not in this shape",
    401: "No token, or one that no phone has",
    403: "The phone was revoked, or nobody on it may do this",
    404: "Not there, or not theirs",
    405: "This address does not do that",
    409: "It would write over something: a later version, a decision, somebody else's",
    413: "More than one megabyte, or more than 500 items",
    415: "Not JSON, or packed otherwise than by gzip",
    422: "Some of it cannot be kept: an error for each field, and nothing was",
    429: "Too many tries in a short time",
    503: "Busy: send it again",
}
_RETRY_AFTER = {
    "Retry-After": {
        "description": "Seconds after which this phone finds room; every phone is told its own",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    }
}


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The description of the API in OpenAPI 3.1."""
    return Response(_document(), mimetype="application/json")


@cache
def _document() -> bytes:
    _schemas, components = msgspec.json.schema_components(_SHAPES, ref_template="#/components/schemas/{name}")
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "labtracker",
                "version": __version__,
                "summary": "How phones pair, download their pack, and upload records and checks of sites",
            },
            "paths": {
                "/api/v1/devices": {"post": _devices()},
                "/api/v1/pack": {"get": _pack()},
                "/api/v1/events": {"post": _events()},
                "/api/v1/site-checks": {"get": _site_checks(), "post": _phone_check()},
                "/healthz": {"get": _health()},
            },
            "components": {
                "schemas": components,
                "securitySchemes": {"phone": {"type": "http", "scheme": "bearer"}},
            },
        }
    )


def _devices() -> dict[str, Any]:
    return {
        "operationId": "pairPhone",
        "summary": "Pair a phone by a one-time code; with a token, add a trainer to that phone",
        "security": [{}, {"phone": []}],
        "requestBody": _body(wire.Pairing),
        "responses": {"201": _answer("Paired", wire.Paired), **_refused(400, 401, 403, 405, 413, 415, 429)},
    }


def _pack() -> dict[str, Any]:
    argument = {"in": "query", "required": False, "schema": {"type": "string"}}
    return {
        "operationId": "downloadPack",
        "summary": "Changes since the cursor; everything when the epoch is another",
        "security": [{"phone": []}],
        "parameters": [{"name": "epoch", **argument}, {"name": "cursor", **argument}],
        "responses": {"200": _answer("A page of changes", wire.Pack), **_refused(401, 405)},
    }


def _events() -> dict[str, Any]:
    return {
        "operationId": "uploadEvents",
        "summary": "Keep a batch of frames: a verdict for each, and how far the chain is held",
        "security": [{"phone": []}],
        "requestBody": _body(wire.UploadDescribed),
        "responses": {
            "200": _answer("Every item has its verdict", wire.Receipt),
            **_refused(400, 401, 405, 413, 415),
            "429": {**_answer("Many phones send now", wire.Errors), "headers": _RETRY_AFTER},
            **_refused(503),
        },
    }


def _site_checks() -> dict[str, Any]:
    return {
        "operationId": "downloadSiteChecks",
        "summary": "What is asked of the sites that the phone's trainers go to, and what is known of them",
        "security": [{"phone": []}],
        "responses": {"200": _answer("All of it", checks_wire.SiteChecks), **_refused(401, 405)},
    }


def _phone_check() -> dict[str, Any]:
    return {
        "operationId": "keepSiteCheck",
        "summary": "Keep a draft of a check that is written on the phone; sent again it changes nothing",
        "security": [{"phone": []}],
        "requestBody": _body(checks_wire.PhoneCheck),
        "responses": {
            "200": _answer("It is here", checks_wire.KeptCheck),
            **_refused(400, 401, 403, 404, 405, 409, 413, 415, 422),
        },
    }


def _health() -> dict[str, Any]:
    return {
        "operationId": "health",
        "summary": "Whether the service, its database and its migrations are as they should be",
        "security": [],
        "responses": {
            "200": _answer("Well", wire.Health),
            "503": _answer("Not well", wire.Health),
            **_refused(405),
        },
    }


def _ref(shape: type) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{shape.__name__}"}}}


def _body(shape: type) -> dict[str, Any]:
    return {"required": True, "content": _ref(shape)}


def _answer(words: str, shape: type) -> dict[str, Any]:
    return {"description": words, "content": _ref(shape)}


def _refused(*statuses: int) -> dict[str, Any]:
    return {str(status): _answer(_REFUSALS[status], wire.Errors) for status in statuses}
