"""Which addresses lie inside, also when they hide in one another."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.networks import is_inside

IPV4_INSIDE = st.sampled_from(
    (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
).flatmap(lambda network: st.ip_addresses(v=4, network=network))

NAT64_LOCAL = 0x0064_FF9B_0001 << 80

# RFC 6052, section 2.2: behind prefixes of 48, 56 and 64 bits the bits 64 to 71 are left out.
CARRIERS = {
    "mapped": lambda v4: 0xFFFF << 32 | v4,
    "translated": lambda v4: 0xFFFF << 48 | v4,
    "compatible": lambda v4: v4,
    "6to4": lambda v4: 0x2002 << 112 | v4 << 80 | 1,
    "teredo server": lambda v4: 0x2001_0000 << 96 | v4 << 64 | 0xF7F7_F7F7,
    "teredo client": lambda v4: 0x2001_0000 << 96 | 0x0808_0808 << 64 | (v4 ^ 0xFFFF_FFFF),
    "nat64": lambda v4: 0x0064_FF9B << 96 | v4,
    "local nat64 /48": lambda v4: NAT64_LOCAL | (v4 >> 16) << 64 | (v4 & 0xFFFF) << 40,
    "local nat64 /56": lambda v4: NAT64_LOCAL | (v4 >> 24) << 64 | (v4 & 0xFF_FFFF) << 32,
    "local nat64 /64": lambda v4: NAT64_LOCAL | v4 << 24,
    "local nat64 /96": lambda v4: NAT64_LOCAL | v4,
}

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "168.63.129.15",
    "168.63.129.17",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:200::",
    "2001:4860:4860::8888",
    "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
    "2001:db9::",
    "2606:4700:4700::1111",
    "2a00:1450:4001:800::200e",
]

NOT_GIVEN_OUT = [
    "::",
    "::1",
    "100::1",
    "2001:2::1",
    "2001:20::1",
    "2001:db8::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fd20:ce::254",
    "fe80::1",
    "fe80::1%lo",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]


@given(IPV4_INSIDE)
def test_ipv4_inside_is_inside(address: IPv4Address) -> None:
    assert is_inside(address)


@pytest.mark.parametrize("carrier", CARRIERS)
@given(address=IPV4_INSIDE)
def test_ipv4_inside_stays_inside_in_every_ipv6_form(carrier: str, address: IPv4Address) -> None:
    assert is_inside(IPv6Address(CARRIERS[carrier](int(address))))


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_not_inside(address: str) -> None:
    assert not is_inside(ip_address(address))


@pytest.mark.parametrize("carrier", ["mapped", "6to4", "nat64"])
@pytest.mark.parametrize("address", [address for address in PUBLIC if "." in address])
def test_a_public_address_stays_public_where_the_form_leads_there(
    carrier: str, address: str
) -> None:
    assert not is_inside(IPv6Address(CARRIERS[carrier](int(IPv4Address(address)))))


@given(st.ip_addresses(v=4))
def test_what_python_knows_not_to_be_public_ipv4_is_inside(address: IPv4Address) -> None:
    assert address.is_global or is_inside(address)


@given(st.ip_addresses(v=6))
def test_what_python_knows_not_to_be_public_ipv6_is_inside(address: IPv6Address) -> None:
    # Python judges 6to4 as a whole, not by where it leads.
    assert address.is_global or address.sixtofour or address.ipv4_mapped or is_inside(address)


@pytest.mark.parametrize("address", NOT_GIVEN_OUT)
def test_ipv6_that_is_not_given_out_for_the_internet_is_inside(address: str) -> None:
    assert is_inside(ip_address(address))
