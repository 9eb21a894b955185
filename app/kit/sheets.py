"""Tables as text (CSV, RFC 4180), as spreadsheets write them.

With a byte order mark or without, lines ended by CRLF or LF, cells parted by `,` or `;` as the
first line shows.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO
from itertools import zip_longest
from typing import Any

from app.kit.problems import MalformedCsv


@dataclass(frozen=True)
class Sheet:
    """How a table says what a request says in JSON: one object for each row.

    rows: the field of the request that holds the objects.
    example: a table that works, for the contract.
    defaults: what the table need not say of a row.
    aliases: further names of columns, in the spelling of `name_of`.
    """

    rows: str
    example: str
    defaults: Mapping[str, Any] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)

    def parse(self, body: bytes) -> dict[str, list[dict[str, Any]]]:
        """The request as plain data, not yet checked; a cell that is empty is a field left out.

        Raises:
            MalformedCsv: it is no table.
        """
        rows = read(body, self.aliases)
        return {self.rows: [{**self.defaults, **row} for row in rows]}


def read(body: bytes, aliases: Mapping[str, str] | None = None) -> list[dict[str, str]]:
    """The rows of a table by the names in its first line, without empty rows and cells.

    What stands beyond the named columns has the name "".

    Raises:
        MalformedCsv: it is not UTF-8, its quotes do not match, or its first line names no columns
            or one of them twice.
    """
    records = _records(body)
    if not records:
        raise MalformedCsv("It has no first line that names the columns.")
    names = [(aliases or {}).get(name, name) for name in map(name_of, records[0])]
    named = [name for name in names if name]
    if len(set(named)) != len(named):
        raise MalformedCsv("The first line names a column twice.")
    return [
        {name: cell for name, cell in zip_longest(names, record, fillvalue="") if cell}
        for record in records[1:]
    ]


def name_of(heading: str) -> str:
    """The name of a column whatever its case and its spaces: `External ID` is `external_id`."""
    return re.sub(r"[\W_]+", "_", heading.casefold()).strip("_")


def _records(body: bytes) -> list[list[str]]:
    """The cells of all lines that hold any, without spaces around them."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise MalformedCsv("Not valid UTF-8.") from None
    first = text.lstrip().partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        records = [[cell.strip() for cell in record] for record in reader]
    except csv.Error:
        raise MalformedCsv(
            f"Something is wrong with the quotes by line {reader.line_num}."
        ) from None
    return [record for record in records if any(record)]
