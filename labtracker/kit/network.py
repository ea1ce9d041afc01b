"""Who asks, as far as the network tells."""

from __future__ import annotations

import ipaddress

HOME_BITS = 64  # what a provider gives to one customer in IPv6, to be used as freely as one IPv4 address


def network_of(address: str | None) -> str:
    """What tries are counted by: an IPv4 address as it is, of an IPv6 address the customer's part."""
    try:
        known = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or "unknown"
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((known, HOME_BITS), strict=False))
