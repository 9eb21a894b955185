"""The types from which every request schema is built: bounded, strict, the same on both engines.

`Line` and `Text` for strings, `Id`, `Day` and `Instant` for the rest, `whole()` for numbers. A
bare `str` or `int` in a schema fails an architecture test, because SQLite would store what
PostgreSQL refuses (NUL, lone surrogates, integers beyond the column).
"""

import re
import unicodedata
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from typing_extensions import override

from app.kit.clock import zones

FIRST_YEAR, LAST_YEAR = 1900, 2200


_PRINTED = r"[^\u0000-\u001f\u007f-\u009f]"


@dataclass(frozen=True)
class _Characters:
    """Text of 1 to `max_length` characters after normalisation to NFC, with a form of its own."""

    max_length: int
    pattern: ClassVar[str]
    """What the contract says of the form; `check` is what holds."""

    def __get_pydantic_core_schema__(self, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(
            self._validate,
            core_schema.str_schema(strict=True, min_length=1, max_length=self.max_length),
        )

    def __get_pydantic_json_schema__(
        self, _: CoreSchema, __: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            "type": "string",
            "minLength": 1,
            "maxLength": self.max_length,
            "pattern": self.pattern,
        }

    def _validate(self, value: str) -> str:
        try:
            value.encode()
        except UnicodeEncodeError:
            raise PydanticCustomError("surrogate", "must be valid Unicode text") from None
        value = unicodedata.normalize("NFC", value)
        if len(value) > self.max_length:
            raise PydanticCustomError(
                "string_too_long",
                "must have at most {max_length} characters",
                {"max_length": self.max_length},
            )
        self.check(value)
        return value

    @abstractmethod
    def check(self, value: str) -> None:
        """Raise PydanticCustomError unless `value` has the form."""


class Line(_Characters):
    """One line of text, not blank, up to `max_length` characters."""

    pattern = rf"^{_PRINTED}*[^\u0000-\u001f\u007f-\u009f\s]{_PRINTED}*$"

    @override
    def check(self, value: str) -> None:
        if not value.strip():
            raise PydanticCustomError("blank", "must not be blank")
        if any(unicodedata.category(c) == "Cc" for c in value):
            raise PydanticCustomError(
                "control_character", "must be one line without control characters"
            )


class WebAddress(_Characters):
    """An `http` or `https` address without spaces, up to `max_length` characters."""

    pattern = r"^https?://[^\u0000-\u0020\u007f]+$"

    @override
    def check(self, value: str) -> None:
        if not re.fullmatch(self.pattern, value):
            raise PydanticCustomError(
                "web_address", "must be a web address like https://example.com"
            )


class Text(_Characters):
    """Free text over several lines, up to `max_length` characters."""

    pattern = r"^[^\u0000]*$"

    @override
    def check(self, value: str) -> None:
        if "\0" in value:
            raise PydanticCustomError("null_character", "must not contain the NUL character")


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_FRACTION = re.compile(r"\.(\d+)")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,19}", re.ASCII)


def _day(value: object) -> date:
    if isinstance(value, str) and _DAY.fullmatch(value) and value.isascii():
        try:
            day = date.fromisoformat(value)
        except ValueError:
            pass
        else:
            if FIRST_YEAR <= day.year <= LAST_YEAR:
                return day
            raise PydanticCustomError("out_of_range", "must lie between 1900 and 2200")
    raise PydanticCustomError("date", "must be a date like 2026-03-01")


def _instant(value: object) -> datetime:
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        # Finer than a microsecond is cut, not rounded: 23:59:59.9999999 stays on its day.
        trimmed = _FRACTION.sub(lambda found: f".{found[1][:6]:0<6}", value.upper())
        try:
            instant = datetime.fromisoformat(trimmed).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        else:
            if FIRST_YEAR <= instant.year <= LAST_YEAR:
                return instant
            raise PydanticCustomError("out_of_range", "must lie between 1900 and 2200")
    raise PydanticCustomError(
        "date_time", "must be a date-time with offset like 2026-03-01T09:30:00Z"
    )


def _uuid(value: object) -> UUID:
    if isinstance(value, str) and _UUID.fullmatch(value):
        return UUID(value)
    raise PydanticCustomError("uuid", "must be a UUID like 01890a5d-ac96-774b-bcce-b302099a8057")


def _from_text(value: object) -> int:
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    raise PydanticCustomError("whole_number", "must be a whole number")


def _truth(value: object) -> bool:
    if isinstance(value, str) and value in ("true", "false"):
        return value == "true"
    raise PydanticCustomError("truth", "must be true or false")


def _time_zone(value: object) -> str:
    if isinstance(value, str) and value in zones():
        return value
    raise PydanticCustomError("time_zone", "must be an IANA time zone like Europe/Berlin")


CollectionName = Annotated[str, Field(max_length=60, pattern="^[a-z_]+$")]
"""The name of a kind of records, as in `recovery_steps`."""

Id = Annotated[UUID, BeforeValidator(_uuid, json_schema_input_type=UUID)]
"""A UUID in its canonical text form."""

Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=date)]
"""A calendar day `YYYY-MM-DD`, years 1900 to 2200."""

Instant = Annotated[datetime, BeforeValidator(_instant, json_schema_input_type=datetime)]
"""An RFC 3339 date-time with offset, converted to UTC, years 1900 to 2200 after that."""

TimeZone = Annotated[
    str,
    BeforeValidator(_time_zone),
    Field(
        min_length=1,
        max_length=64,
        json_schema_extra={"pattern": r"^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$"},
        examples=["Europe/Berlin"],
    ),
]
"""The name of an IANA time zone."""


def _without_fraction(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


@dataclass(frozen=True)
class _Whole:
    least: int
    most: int

    def __get_pydantic_core_schema__(self, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(
            _without_fraction, core_schema.int_schema(strict=True, ge=self.least, le=self.most)
        )


def whole(least: int, most: int) -> Any:
    """Field constraints of a whole number in a JSON body: no text, no fraction, no boolean.

    4.0 is one, as in JSON Schema: some JSON libraries write every number so.
    """
    return _Whole(least, most)


FromText = BeforeValidator(_from_text)
"""Lets a query parameter be a whole number, written in plain digits only.

It comes after the bounds, or the contract would not show them as `minimum` and `maximum`.
"""

Truth = Annotated[bool, BeforeValidator(_truth, json_schema_input_type=bool)]
"""A query parameter that is `true` or `false`, in just these words."""


@dataclass(frozen=True)
class Distinct:
    """Refuses a list in which two items are the same, by `key` if given."""

    key: Callable[[Any], Any] | None = None

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(schema), "uniqueItems": True}

    def _check(self, items: list[Any]) -> list[Any]:
        seen = [self.key(item) if self.key else item for item in items]
        if len(set(seen)) != len(seen):
            raise PydanticCustomError("repeated_item", "must not have the same item twice")
        return items
