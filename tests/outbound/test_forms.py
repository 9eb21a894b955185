"""No spelling of an address that lies inside is called, or even knocked at."""

import asyncio
from contextlib import suppress
from ipaddress import ip_network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.kit.networks import CallFailure
from app.outbound import CallFailedError, check_url
from tests.outbound.conftest import THIS_MACHINE, MakeOutbound, Names
from tests.outbound.receiver import listening

LOOPBACK = (
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.0.1",
    "0177.1",
    "00177.0.1",
    "0x7f.1",
    "0x7F.0x0.0x0.0x1",
    "0x7f000001",
    "0X7F000001",
    "017700000001",
    "2130706433",
    "00000000000000000000000000000000017700000001",
    "127\u30020\u30020\u30021",
    "127\uff0e0\uff0e0\uff0e1",
    "127\uff610.0\uff611",
)
"""Spellings of 127.0.0.1 that lead there, as the control below proves."""

LITERAL = (
    *LOOPBACK,
    "127.0.0.0",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104 -- a sample to refuse; nothing listens there.
    "0",
    "0x0",
    "00",
    "0.0.0.1",
    "10.0.0.1",
    "10.1",
    "0xa.1",
    "167772161",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "169.254.169.254",
    "169.254.43518",
    "0xa9fea9fe",
    "2852039166",
    "025177524776",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.1",
    "0xc0a80001",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "4294967295",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:FFFF:7F00:0001]",
    "[::ffff:10.0.0.1]",
    "[::ffff:169.254.169.254]",
    "[::ffff:0:127.0.0.1]",
    "[::127.0.0.1]",
    "[::7f00:1]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::1]",
    "[2001:0:a00:1::f5ff:fffe]",
    "[2001:0:808:808:0:0:80ff:fffe]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::127.0.0.1]",
    "[64:ff9b:1:7f00:0:100::]",
    "[100::1]",
    "[2001:2::1]",
    "[2001:db8::1]",
    "[3fff::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fd20:ce::254]",
    "[fe80::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[ff0e::1]",
    "@127.0.0.1",
)

MALFORMED = (
    "0177.0.0.1",
    "127.000.000.001",
    "0300.0250.0.1",
    "\uff11\uff12\uff17.0.0.1",
    "\u2460\u2461\u2466.0.0.1",
    "[fe80::1%25eth0]",
    "[::1%25lo]",
    "[::1%251]",
    "[::1].example.com",
    "[127.0.0.1]",
    "[::ffff:0x7f.1]",
    "example.com@127.0.0.1",
    "example.com:443@127.0.0.1",
    "user:password@example.com",
    "example.com\\@127.0.0.1",
    "127.0.0.1\\.example.com",
    "%31%32%37.0.0.1",
    "127.0.0.1%00.example.com",
    "127.0.0.1%23.example.com",
    "127.0.0.1#.example.com",
    "127.0.0.1 .example.com",
    "127.0.0.1\t",
    "127.0.0.1\r\nX: y",
    "127.0.0.1,example.com",
    "::1",
    "..127.0.0.1",
    "127.0.0.1..",
    "*.example.com",
    ".",
    "",
    f"{'a' * 64}.example.com",
    f"{'a.' * 127}example",
)

NAMED = ("localhost", "LOCALHOST", "localhost.", "LocalHost\u3002")

REFUSALS = [
    *((form, CallFailure.ADDRESS_INSIDE) for form in LITERAL),
    *((form, CallFailure.MALFORMED_URL) for form in MALFORMED),
    *((form, CallFailure.ADDRESS_INSIDE) for form in NAMED),
]

OTHER_FORMS = {
    "": CallFailure.MALFORMED_URL,
    "/hook": CallFailure.MALFORMED_URL,
    "//example.com/hook": CallFailure.MALFORMED_URL,
    "example.com/hook": CallFailure.MALFORMED_URL,
    "https:example.com": CallFailure.MALFORMED_URL,
    "https:/example.com": CallFailure.MALFORMED_URL,
    "https:///example.com": CallFailure.MALFORMED_URL,
    "ftp://example.com/": CallFailure.MALFORMED_URL,
    "file:///etc/passwd": CallFailure.MALFORMED_URL,
    "gopher://example.com/": CallFailure.MALFORMED_URL,
    "https://example.com/#part": CallFailure.MALFORMED_URL,
    "https://example.com/#": CallFailure.MALFORMED_URL,
    "https://example.com:x/": CallFailure.MALFORMED_URL,
    "https://example.com:1:2/": CallFailure.MALFORMED_URL,
    f"https://example.com/{'a' * 70_000}": CallFailure.MALFORMED_URL,
    "http://example.com/": CallFailure.NOT_HTTPS,
    "http://example.com:8080/": CallFailure.NOT_HTTPS,
    "http://8.8.8.8/": CallFailure.NOT_HTTPS,
    "http://134744072/": CallFailure.NOT_HTTPS,
    "https://example.com:0/": CallFailure.PORT_REFUSED,
    "https://example.com:-1/": CallFailure.PORT_REFUSED,
    "https://example.com:22/": CallFailure.PORT_REFUSED,
    "https://example.com:25/": CallFailure.PORT_REFUSED,
    "https://example.com:80/": CallFailure.PORT_REFUSED,
    "https://example.com:1023/": CallFailure.PORT_REFUSED,
    "https://example.com:65536/": CallFailure.PORT_REFUSED,
    "http://example.com:443/": CallFailure.PORT_REFUSED,
}

RIGHT_FORMS = [
    "https://example.com",
    "https://example.com/hook?for=us",
    "https://example.com.:443/",
    "https://example.com:1024/",
    "https://example.com:8443/",
    "https://example.com:65535/",
    "HTTPS://EXAMPLE.COM/",
    "https://sub_domain.xn--bcher-kva.example/",
    "https://b\u00fccher.example/",
    "https://8.8.8.8/",
    "https://[2606:4700:4700::1111]/",
]


@pytest.mark.parametrize(("form", "failure"), REFUSALS, ids=[repr(form) for form, _ in REFUSALS])
async def test_an_address_inside_is_never_connected_to(
    form: str, failure: CallFailure, make_outbound: MakeOutbound
) -> None:
    outbound = make_outbound()
    async with listening() as receiver:
        for scheme in ("https", "http"):
            with pytest.raises(CallFailedError) as refused:
                await outbound.send("POST", f"{scheme}://{form}:{receiver.port}/hook")
            assert refused.value.failure is failure
        await asyncio.sleep(0)
        assert receiver.connections == 0


@pytest.mark.parametrize("form", [*LOOPBACK, *NAMED], ids=repr)
async def test_the_same_forms_would_reach_this_machine_if_they_were_allowed(
    form: str, make_outbound: MakeOutbound
) -> None:
    outbound = make_outbound(*THIS_MACHINE)
    async with listening() as receiver:
        answer = await outbound.send("POST", f"http://{form}:{receiver.port}/hook")
        assert (answer.status, receiver.connections) == (200, 1)


@pytest.mark.parametrize("form", LITERAL, ids=repr)
def test_an_address_inside_cannot_be_stored(form: str) -> None:
    with pytest.raises(CallFailedError) as refused:
        check_url(f"https://{form}/hook")
    assert refused.value.failure is CallFailure.ADDRESS_INSIDE


@pytest.mark.parametrize("form", MALFORMED, ids=repr)
def test_a_malformed_host_cannot_be_stored(form: str) -> None:
    with pytest.raises(CallFailedError) as refused:
        check_url(f"https://{form}/hook")
    assert refused.value.failure is CallFailure.MALFORMED_URL


@pytest.mark.parametrize(
    ("url", "failure"), OTHER_FORMS.items(), ids=[url[:40] or "empty" for url in OTHER_FORMS]
)
async def test_a_url_of_another_form_is_refused_when_stored_and_when_called(
    url: str, failure: CallFailure, make_outbound: MakeOutbound
) -> None:
    names = Names(["8.8.8.8"])
    with pytest.raises(CallFailedError) as refused:
        check_url(url)
    assert refused.value.failure is failure
    with pytest.raises(CallFailedError) as refused:
        await make_outbound(look_up=names).send("POST", url)
    assert refused.value.failure is failure


@pytest.mark.parametrize("url", RIGHT_FORMS)
def test_a_public_https_address_can_be_stored(url: str) -> None:
    check_url(url)


def test_plain_http_can_be_stored_only_where_a_network_allows_it() -> None:
    allowed = [ip_network("127.0.0.0/8")]
    check_url("http://127.0.0.1:8000/hook", allowed)
    check_url("http://localhost:8000/hook", allowed)
    for url, failure in {
        "http://10.0.0.1/hook": CallFailure.ADDRESS_INSIDE,
        "http://8.8.8.8/hook": CallFailure.NOT_HTTPS,
        "http://[::ffff:127.0.0.1]/hook": CallFailure.ADDRESS_INSIDE,
    }.items():
        with pytest.raises(CallFailedError) as refused:
            check_url(url, allowed)
        assert refused.value.failure is failure


@given(
    st.one_of(
        st.text(),
        st.text(alphabet="0123456789abcdefx.:[]@/\\#?%-\u3002\uff11").map(
            "https://{}".format,
        ),
    )
)
@example("https://\ud800/")
@example("https://xn--\u00fc/")
@example("https://xn--0/")
@example(f"https://a:{'9' * 5_000}/")
def test_every_text_is_either_right_or_refused_by_a_reason(url: str) -> None:
    with suppress(CallFailedError):
        check_url(url)
        assert url.lower().startswith("https://")
