"""Where a webhook may lead.  Its address comes from a stranger and our server calls it: nothing that only our server
can reach may be called (server-side request forgery).
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# IPv6 addresses that carry an IPv4 one inside: the oldest kind, NAT64, 6to4, Teredo.
CARRIERS = [ipaddress.ip_network(net) for net in ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]


class AddressError(Exception):
    """It cannot be called; the text is for people."""


@dataclass(frozen=True)
class Target:
    """A host whose address was looked up and found to be public: that address is called and no other."""

    secure: bool
    host: str
    port: int
    path: str
    ip: str


def check_url(url: str) -> tuple[bool, str, int, str]:
    """(https?, host, port, path with query) of an address that looks as it should."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressError(_("This is no web address.")) from error
    allowed = {"https", "http"} if settings.WEBHOOKS_TO_PRIVATE_ADDRESSES else {"https"}
    if parts.scheme not in allowed or not parts.hostname or not url.isascii() or not url.isprintable() or " " in url:
        raise AddressError(_("The address has to begin with https:// and hold plain letters only."))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise AddressError(_("The address cannot hold a login or a #."))
    _check_host(parts.hostname)
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return secure, parts.hostname, port if port is not None else (443 if secure else 80), path


def look_up(url: str) -> Target:
    """Slow: asks the name server, each time anew.  All addresses have to be public; the first one is called."""
    secure, host, port, path = check_url(url)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressError(_("The name of this server is not known.")) from error
    ips = [str(one[4][0]) for one in found]
    for ip in ips:
        _check_host(ip)
    return Target(secure, host, port, path, ips[0])


def _check_host(host: str) -> None:
    """What a name stands for is seen when it is called; an address in numbers at once."""
    try:
        private = not is_public(host)
    except ValueError:
        private = host == "localhost" or host.endswith(".localhost")
    if private and not settings.WEBHOOKS_TO_PRIVATE_ADDRESSES:
        raise AddressError(_("This address is not open to the public network."))


def is_public(text: str) -> bool:
    ip: Address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast and not any(ip in net for net in CARRIERS)
