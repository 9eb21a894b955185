"""The choices of an `Accept`-like header with their weights (RFC 9110, section 12.4.2)."""

import re

MAX_CHOICES = 50

_WEIGHT = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


def qualities(header: str | None) -> dict[str, float]:
    """Each choice in lower case with its weight, in the caller's order.

    What has a weight that cannot be read is passed over, and so is what comes after 50 choices.
    """
    found: dict[str, float] = {}
    for part in (header or "").lower().split(",")[:MAX_CHOICES]:
        choice, *parameters = (piece.strip() for piece in part.split(";"))
        weight = next((piece for piece in parameters if piece.startswith("q=")), "q=1")
        read = _WEIGHT.fullmatch(weight)
        if choice and read is not None:
            found[choice] = float(read[1])
    return found
