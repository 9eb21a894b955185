"""Tables as text: what any spreadsheet writes is read as it was meant."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.problems import MalformedCsv
from app.kit.sheets import Sheet, name_of, read

NAMES = ("email", "external_id", "cohort")
CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(str.strip)
ROWS = st.lists(st.lists(CELLS, min_size=3, max_size=3).filter(any), max_size=5)


def written(rows: list[list[str]], *, delimiter: str, line_end: str, quoting: int) -> str:
    """A table as the standard library writes it."""
    text = StringIO(newline="")
    writer = csv.writer(
        text,
        delimiter=delimiter,
        lineterminator=line_end,
        quoting=quoting,  # type: ignore[arg-type]  # one of the module's numbers
    )
    writer.writerows([NAMES, *rows])
    return text.getvalue()


@given(ROWS, st.sampled_from(",;"), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_what_is_written_is_read(
    rows: list[list[str]], delimiter: str, line_end: str, has_mark: bool
) -> None:
    text = written(rows, delimiter=delimiter, line_end=line_end, quoting=csv.QUOTE_ALL)
    body = text.encode("utf-8-sig" if has_mark else "utf-8")
    meant = [{n: cell for n, cell in zip(NAMES, row, strict=True) if cell} for row in rows]
    assert read(body) == meant


@given(st.binary(max_size=200))
def test_whatever_is_sent_is_a_table_or_refused(body: bytes) -> None:
    try:
        rows = read(body)
    except MalformedCsv:
        return
    assert all(cell and cell == cell.strip() for row in rows for cell in row.values())


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("email,cohort\na@example.com,Spring\n", [{"email": "a@example.com", "cohort": "Spring"}]),
        ("email;cohort\r\na@example.com;A,B\r\n", [{"email": "a@example.com", "cohort": "A,B"}]),
        ("email\na@example.com", [{"email": "a@example.com"}]),
        ('email,c\n a@b.example ,"A\n""B"""', [{"email": "a@b.example", "c": 'A\n"B"'}]),
        ("\n\nemail,cohort\n,\n\na@example.com\n", [{"email": "a@example.com"}]),
        ("email,\na@example.com,\nb@example.com,more", [
            {"email": "a@example.com"},
            {"email": "b@example.com", "": "more"},
        ]),
        ("email\na@example.com,more\n", [{"email": "a@example.com", "": "more"}]),
        ("email,cohort\n", []),
    ],
)  # fmt: skip
def test_a_table_is_read_by_the_names_in_its_first_line(
    text: str, rows: list[dict[str, str]]
) -> None:
    assert read(text.encode()) == rows


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("email", "email"),
        ("External ID", "external_id"),
        (" external-id ", "external_id"),
        ("External__Id:", "external_id"),
        ("KOHORTE", "kohorte"),
        ("%", ""),
    ],
)
def test_case_and_spaces_of_a_heading_do_not_matter(heading: str, name: str) -> None:
    assert name_of(heading) == name


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "no first line"),
        (b"\xef\xbb\xbf\r\n ,\r\n", "no first line"),
        (b"email\n\xff", "UTF-8"),
        ("email".encode("utf-16"), "UTF-8"),
        (b"email,E-Mail\n", "names a column twice"),
        (b'email\n"a@example.com', "quotes by line 2"),
        (b'email\n"a"b\n', "quotes by line 2"),
    ],
)
def test_what_is_no_table_is_refused_in_words_that_repeat_nothing(body: bytes, said: str) -> None:
    with pytest.raises(MalformedCsv, match=said) as refused:
        read(body, {"e_mail": "email"})
    assert "example" not in str(refused.value)


def test_a_sheet_is_the_request_that_it_stands_for() -> None:
    sheet = Sheet(
        rows="people", example="", defaults={"kind": "client"}, aliases={"e_mail": "email"}
    )
    assert sheet.parse(b"E-Mail,Kind\na@example.com,\nb@example.com,member\n") == {
        "people": [
            {"email": "a@example.com", "kind": "client"},
            {"email": "b@example.com", "kind": "member"},
        ]
    }
