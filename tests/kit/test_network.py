"""What tries are counted by."""

from __future__ import annotations

import pytest

from labtracker.kit.network import network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("nonsense", "nonsense"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_an_ipv6_customer_counts_as_one(address: str | None, network: str) -> None:
    assert network_of(address) == network
