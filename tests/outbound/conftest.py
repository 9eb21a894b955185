"""A client of the tests, with what it may call and what names lead to."""

from collections.abc import Callable, Iterator, Sequence
from ipaddress import ip_address, ip_network

import pytest

from app.kit.networks import IpAddress
from app.outbound import LookUp, Outbound

MakeOutbound = Callable[..., Outbound]

THIS_MACHINE = ("127.0.0.0/8", "::1/128")


@pytest.fixture
def make_outbound() -> Iterator[MakeOutbound]:
    """Makes a client that may call the `allowed` networks and gives up after ten seconds."""
    made: list[Outbound] = []

    def make(
        *allowed: str,
        look_up: LookUp | None = None,
        timeout_s: float = 10,
        max_bytes: int = 1_000,
    ) -> Outbound:
        networks = [ip_network(network) for network in allowed]
        made.append(Outbound(networks, look_up=look_up, timeout_s=timeout_s, max_bytes=max_bytes))
        return made[-1]

    yield make
    for outbound in made:
        outbound.close()


class Names:
    """A name server that gives its answers one after the other, the last one for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, name: str) -> list[IpAddress]:
        self.asked.append(name)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [ip_address(address) for address in answer]
