"""Network addresses as what they say of a caller."""

from ipaddress import IPv6Address, ip_address, ip_network

IPV6_NETWORK_BITS = 64


def network_of(address: str | None) -> str:
    """What counts as one address: for IPv6 the /64 that one household or server is given."""
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ip_network((found, IPV6_NETWORK_BITS), strict=False))
    return str(found)
