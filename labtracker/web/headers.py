"""Security headers on every answer, and the content security policy."""

from __future__ import annotations

import base64
import hashlib

from flask import Flask, Response, g, request

POLICY = {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "media-src": "'self' blob:",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


def install(app: Flask) -> None:
    """Set the headers on every answer of the application."""
    app.after_request(_set_headers)
    app.jinja_env.globals["allow_script"] = allow_script


def allow_script(text: str) -> str:
    """Let exactly this inline script (an import map) run on this page; gives the text back.

    The policy names its hash, so a page kept by a service worker stays valid without any nonce.
    """
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    g.setdefault("script_hashes", []).append(f"'sha256-{digest}'")
    return text


def _set_headers(response: Response) -> Response:
    policy = dict(POLICY)
    policy["script-src"] = " ".join([policy["script-src"], *g.get("script_hashes", [])])
    headers = response.headers
    rules = "; ".join(f"{name} {value}" for name, value in policy.items())
    headers.setdefault("Content-Security-Policy", rules)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    # Pages, lists and answers hold names and change with who asks: no shared or stored copies. What is the
    # same for everybody says so itself.
    headers.setdefault("Cache-Control", "no-store")
    if response.mimetype == "text/html":
        response.vary.update(["Cookie", "Accept-Language"])
    return response
