"""Only paths of this site are followed."""

from __future__ import annotations

import pytest

from labtracker.kit.paths import safe_path


@pytest.mark.parametrize(
    ("wish", "path"),
    [
        ("/bookings?page=2", "/bookings?page=2"),
        ("/", "/"),
        ("/a//b", "/a//b"),
        ("", None),
        (None, None),
        ("bookings", None),
        ("//evil.example", None),
        ("///evil.example", None),
        ("//[", None),
        ("http://[", None),
        ("/\\evil.example", None),
        ("/a\\b", None),
        ("https://evil.example/", None),
        ("javascript:alert(1)", None),
        ("/x\r\nSet-Cookie: a=b", None),
        ("/\t/evil.example", None),
        ("\t//evil.example", None),
    ],
)
def test_only_paths_of_this_site_are_followed(wish: str | None, path: str | None) -> None:
    assert safe_path(wish) == path
