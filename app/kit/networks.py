"""What this program may call on the network, judged by the address alone.

What a customer names must lie on the public Internet: everything else is "inside", from this
machine to the operator's network to the services that a cloud offers its own machines.
"""

import socket
from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from app.kit.terms import Term

IpAddress = IPv4Address | IPv6Address
IpNetwork = IPv4Network | IPv6Network

# The IANA registries of special-purpose addresses (RFC 6890) and one cloud service that has a
# public number. Written out, because `is_global` differs between versions of Python.
_INSIDE: tuple[IpNetwork, ...] = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",  # this network; 0.0.0.0 connects to this machine
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # shared by carriers (CGNAT); Alibaba's metadata 100.100.100.200
            "127.0.0.0/8",  # loopback
            "168.63.129.16/32",  # Azure's service for its machines, the one with a public number
            "169.254.0.0/16",  # link-local; the metadata services of most clouds
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments; Oracle's metadata 192.0.0.192
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # relays from IPv6, given up by RFC 7526
            "192.168.0.0/16",  # private
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved; broadcast
            "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
            "2001:db8::/32",  # documentation
            "3fff::/20",  # documentation
        ),
    )
)

_PUBLIC_V6 = IPv6Network("2000::/3")
"""All that IANA gives out as global unicast.

Outside lie loopback, unspecified, link-local, site-local, unique local (fd00:ec2::254 among them,
Amazon's metadata) and multicast addresses, IPv4-compatible ones, and the NAT64 of a local network
(64:ff9b:1::/48, RFC 8215), in which the IPv4 address may stand in four places.
"""

_NAT64 = IPv6Network("64:ff9b::/96")


class CallFailure(Term):
    """Why a call to a server that a customer named brought no answer."""

    MALFORMED_URL = "malformed_url", "The address cannot be read", "Die Adresse ist nicht lesbar"
    NOT_HTTPS = "not_https", "The address must begin with https", "Die Adresse braucht https"
    PORT_REFUSED = (
        "port_refused",
        "Only port 443 and ports above 1023 are called",
        "Nur Port 443 und Ports über 1023 werden angerufen",
    )
    ADDRESS_INSIDE = (
        "address_inside",
        "The address does not lie on the public Internet",
        "Die Adresse liegt nicht im öffentlichen Internet",
    )
    NOT_RESOLVED = (
        "not_resolved",
        "The name leads to no address",
        "Der Name führt zu keiner Adresse",
    )
    NOT_CONNECTED = "not_connected", "No connection", "Keine Verbindung"
    TLS_FAILED = (
        "tls_failed",
        "No trusted TLS connection",
        "Keine vertrauenswürdige TLS-Verbindung",
    )
    TIMED_OUT = "timed_out", "No whole answer in time", "Keine ganze Antwort in der Zeit"
    BROKEN_ANSWER = "broken_answer", "The answer broke off", "Die Antwort brach ab"


def is_inside(address: IpAddress) -> bool:
    """Whether a call to `address` would not go to the public Internet.

    An IPv6 address that carries an IPv4 address (IPv4-mapped, 6to4, NAT64) is judged by that one:
    it is where the call would end.
    """
    if isinstance(address, IPv6Address):
        carried = _carried(address)
        if carried is not None:
            return is_inside(carried)
        if address not in _PUBLIC_V6:
            return True
    return is_in(address, _INSIDE)


def is_in(address: IpAddress, networks: Iterable[IpNetwork]) -> bool:
    """Whether `address` belongs to one of the networks."""
    return any(address in network for network in networks)


def literal_address(host: str) -> IpAddress | None:
    """The address that `host` spells, `None` for a name.

    Also the old spellings count that the system's own functions still read: `127.1`, `0x7f.1`,
    `0177.0.0.1`, `2130706433`.
    """
    try:
        return ip_address(host)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def _carried(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour
