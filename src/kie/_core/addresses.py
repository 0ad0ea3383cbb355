"""Core: checks where a URL leads, in exactly the form in which it is used. May import nothing of ours."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import attrs

_NAME = re.compile(r"(?=.{1,254}\Z)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?")
_BRACKETS = re.compile(r"\[[0-9A-Fa-f:.]+\](:[0-9]*)?")
_INSIDE = "localhost localdomain local internal intranet private corp home lan svc".split()
"""Top-level names of private networks. Sources: RFC 6761, RFC 6762 (and its appendix G), and ICANN's reservations."""
_NAT64 = IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = IPv6Network("2002::/16")
_UNICAST = IPv6Network("2000::/3")
_ANSWERED_BY_PROXIES = IPv4Network("198.18.0.0/15")
"""Reserved for benchmarks, so no server is there. Proxies that route all traffic resolve names to these addresses."""


@attrs.frozen
class Place:
    """Where a URL leads: the server that a library connects to."""

    scheme: str
    """`http` or another, in lower case."""
    host: str
    """A name in ASCII or an address, in lower case, without brackets."""
    port: int | None
    """The port that the URL names."""


def place_of(url: str) -> Place:
    """Read the server of a URL, if all libraries read it alike.

    Args:
        url: The URL.

    Returns:
        Where it leads.

    Raises:
        ValueError: Libraries may differ: the host is not written in plain ASCII, or the URL holds a user name, a
            backslash before its path or a control character.
    """
    if any(ord(c) < 0x20 or ord(c) == 0x7F for c in url) or url != url.strip():
        raise ValueError("it contains a control character, or begins or ends with a space")
    if any("\ud800" <= c <= "\udfff" for c in url):
        raise ValueError("it contains half of a surrogate pair, which is not valid Unicode")
    parts = urlsplit(url)
    if not parts.netloc:
        raise ValueError("it names no host")
    if "@" in parts.netloc:
        raise ValueError("it contains a user name or a password")
    if not parts.netloc.isascii():
        raise ValueError("its host must be written in ASCII (as xn--…)")
    host = (parts.hostname or "").lower()
    if _BRACKETS.fullmatch(parts.netloc):
        IPv6Address(host)
    elif not _NAME.fullmatch(host) or "[" in parts.netloc:
        raise ValueError("its host is neither a name nor an address")
    return Place(parts.scheme.lower(), host, parts.port)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: `localhost`, or an address in its usual notation."""
    address = _address(host)
    return host == "localhost" if address is None else address.is_loopback


def is_inside(host: str) -> bool:
    """Whether a host, as `Place` has it, is an address or name of a private network."""
    host = host.removesuffix(".")
    address = _address(host)
    if address is not None:
        return leads_inside(address)
    first, _, last = host.rpartition(".")
    old_notation = last.isdigit() or last.startswith("0x")  # a resolver reads `0x7f000001` and `127.1` as addresses
    return not first or last in _INSIDE or host.endswith("home.arpa") or old_notation


def leads_inside(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address, or the IPv4 address that it embeds, is outside the public internet."""
    if isinstance(address, IPv4Address):
        return not address.is_global or address.is_multicast
    if address.ipv4_mapped is not None:
        return leads_inside(address.ipv4_mapped)
    if address in _NAT64:
        return leads_inside(IPv4Address(int(address) & 0xFFFFFFFF))
    if address in _SIX_TO_FOUR:
        return leads_inside(IPv4Address(int(address) >> 80 & 0xFFFFFFFF))
    return address not in _UNICAST or not address.is_global or address.teredo is not None


def is_private_peer(address: str) -> bool:
    """Whether a public-looking name was resolved to an address of a private network."""
    found = _address(address.partition("%")[0])
    if isinstance(found, IPv4Address) and found in _ANSWERED_BY_PROXIES:
        return False
    return found is None or leads_inside(found)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
