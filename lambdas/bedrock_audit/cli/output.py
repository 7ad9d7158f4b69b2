"""Turns rows into a table for people, JSON for programs or CSV for spreadsheets; knows nothing about what they mean."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

import click
import msgspec
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bedrock_audit.record import Value

NARROWEST = 60
"""Characters a table needs; a terminal that claims fewer (or none, as some pipes do) has its lines wrapped instead."""

_META = "bedrock_audit.output"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

Command = TypeVar("Command", bound=Callable[..., Any])
Row = Mapping[str, Any]


class Format(StrEnum):
    """What `--output` can be."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class Column(Value, frozen=True):
    """A column of a table: `key` of the row, `header` for people.

    `width` is the most characters it takes; it is shortened further on a narrow terminal, while a `whole` column never
    is. Without either, cells wrap; with `wraps` they do so between words, and only a word that is too long is cut.
    `detail` columns are left out of tables and kept in CSV.
    """

    key: str
    header: str
    width: int | None = None
    right: bool = False
    whole: bool = False
    wraps: bool = False
    detail: bool = False


def output_option(command: Command) -> Command:
    """The `--output` option, accepted by the program and by every command that prints rows."""
    return click.option(
        "--output",
        "-o",
        type=click.Choice([known.value for known in Format]),
        callback=_remember,
        expose_value=False,
        help="How to print: a table for people, json or csv for programs. [default: table]",
    )(command)


def output_format() -> Format:
    """The format asked for in this run."""
    return Format(click.get_current_context().meta.get(_META, Format.TABLE))


def print_rows(rows: Iterable[Row], *, columns: Sequence[Column], title: str = "", empty: str = "Nothing.") -> None:
    """Print rows in the format asked for; `empty` is what a person reads when there are none."""
    kept = list(rows)
    if output_format() is Format.JSON:
        print_json(kept)
    elif output_format() is Format.CSV:
        _print_csv(kept, columns=columns)
    elif kept:
        console().print(_table(kept, columns=columns, title=title))
    else:
        console().print(Text(empty))


def print_json(value: Any) -> None:
    """One JSON document on standard output, indented when a person looks at it."""
    data = msgspec.json.encode(value)
    if sys.stdout and sys.stdout.isatty():
        data = msgspec.json.format(data, indent=2)
    echo_json(data)


def echo_json(data: bytes) -> None:
    """A JSON text on a line of its own, in UTF-8 whatever the terminal's encoding is, as programs expect it."""
    click.echo(data.decode("utf-8", "backslashreplace").encode())


def console(*, stderr: bool = False) -> Console:
    """A console that neither highlights nor interprets what it prints."""
    made = _Piped(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=False)
    made.width = max(made.width, NARROWEST)
    return made


def print_anything() -> None:
    """Have characters that the output's encoding lacks printed as escapes: no finding may break the list of them."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


class _Piped(Console):
    def on_broken_pipe(self) -> None:
        """Rich would leave with 1, which here means that there are findings."""
        raise  # noqa: PLE0704 - Rich calls this while it handles the error


def harmless(value: Any) -> str:
    """The value as one line for a terminal: control characters and direction overrides are shown, not obeyed."""
    text = "" if value is None else ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)


def _remember(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.meta[_META] = value


def _table(rows: Sequence[Row], *, columns: Sequence[Column], title: str) -> Table:
    table = Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 0),
    )
    shown = [column for column in columns if not column.detail]
    for column in shown:
        longest = max(len(text) for text in (column.header, *(harmless(row.get(column.key)) for row in rows)))
        table.add_column(
            column.header,
            justify="right" if column.right else "left",
            min_width=longest if column.whole else None,
            max_width=column.width,
            no_wrap=column.whole,
        )
    for row in rows:
        table.add_row(*(_text(row.get(column.key), column) for column in shown))
    return table


def _text(value: Any, column: Column) -> Text:
    """The column may give way to others (its own `no_wrap` is off), but the text in it stays on one line."""
    is_cut = column.whole or column.width is not None
    one_line = is_cut and not column.wraps
    return Text(harmless(value), no_wrap=one_line, overflow="ellipsis" if is_cut else "fold")


def _print_csv(rows: Sequence[Row], *, columns: Sequence[Column]) -> None:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([column.key for column in columns])
    writer.writerows([_cell(row.get(column.key)) for column in columns] for row in rows)
    click.echo(written.getvalue(), nl=False)


def _cell(value: Any) -> str:
    """A cell no spreadsheet takes for a formula (OWASP: CSV injection)."""
    text = harmless(value)
    is_number = isinstance(value, int | float)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) and not is_number else text
