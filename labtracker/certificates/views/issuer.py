"""What is published for checking credentials: the issuer, its keys, the list of revoked credentials."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, jsonify
from flask.typing import ResponseReturnValue

from labtracker.certificates import queries
from labtracker.certificates.addresses import issuer, key_url
from labtracker.certificates.credential import CONTEXTS, revocation_list
from labtracker.certificates.models import SigningKey
from labtracker.certificates.signing import ALGORITHM
from labtracker.certificates.views.blueprint import blueprint
from labtracker.extensions import limiter

A_MINUTE = "120 per minute"


@blueprint.get("/issuer")
@limiter.limit(A_MINUTE)
def issuer_profile() -> ResponseReturnValue:
    """The provider as an issuer of Open Badges credentials."""
    return _open({"@context": list(CONTEXTS), **issuer().profile()})


@blueprint.get("/issuer/revocations")
@limiter.limit(A_MINUTE)
def revocations() -> ResponseReturnValue:
    """The credentials that are no longer good."""
    return _open(revocation_list(issuer(), queries.ended_credentials()))


@blueprint.get("/issuer/keys/<key_id>")
@limiter.limit(A_MINUTE)
def key(key_id: str) -> ResponseReturnValue:
    """The public half of one key that signs credentials, or did."""
    found = [one for one in queries.signing_keys() if one.key_id == key_id]
    return _open(_published(found[0])) if found else abort(404)


@blueprint.get("/.well-known/jwks.json")
@limiter.limit(A_MINUTE)
def keys() -> ResponseReturnValue:
    """The public halves of all keys, for checking without this server."""
    return _open({"keys": [_published(one) for one in queries.signing_keys()]})


def _published(one: SigningKey) -> dict[str, Any]:
    # Tokens name their key by its whole address, and so does the set.
    return {**one.public_jwk, "kid": key_url(one.key_id), "alg": ALGORITHM, "use": "sig"}


def _open(content: dict[str, Any]) -> Response:
    """JSON that pages of other sites may read, too: wallets and checkers run in browsers."""
    response = jsonify(content)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
