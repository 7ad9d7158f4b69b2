"""Rows on paper: what people, programs and spreadsheets get, however hostile a value is."""

from __future__ import annotations

import json

import click
import pytest
from click.testing import CliRunner

from bedrock_audit.cli.output import Column, harmless, output_option, print_rows

COLUMNS = (Column("id", "id"), Column("who", "who", width=12), Column("why", "why", detail=True))


def printed(*arguments, rows, env=None):
    @click.command()
    @output_option
    def show():
        print_rows(rows, columns=COLUMNS, empty="Nothing here.")

    result = CliRunner().invoke(show, arguments, catch_exceptions=False, env=env)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_table_has_the_columns_for_people():
    text = printed(rows=[{"id": "f-1", "who": "role/helpdesk", "why": "hidden"}])

    assert "role/helpde…" in text
    assert "hidden" not in text


@pytest.mark.parametrize("columns", ["0", "1", "12"])
def test_a_terminal_without_width_loses_nothing(columns):
    text = printed(rows=[{"id": "v-1c4f0a2b9d3e5f60718a", "who": "role/help", "why": ""}], env={"COLUMNS": columns})

    assert "v-1c4f0a2b9d3e5f60718a" in text
    assert "role/help" in text


def test_an_empty_table_says_so():
    assert printed(rows=[]).strip() == "Nothing here."


def test_json_is_the_whole_row_and_an_empty_list_when_there_is_none():
    rows = [{"id": "f-1", "who": "x", "extra": {"n": 1}}]

    assert json.loads(printed("-o", "json", rows=rows)) == rows
    assert json.loads(printed("-o", "json", rows=[])) == []


def test_csv_has_the_details_too():
    assert printed("-o", "csv", rows=[{"id": "f-1", "who": "x", "why": "y"}]) == "id,who,why\nf-1,x,y\n"


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_csv_cell_is_never_a_formula(start):
    cell = printed("-o", "csv", rows=[{"id": f"{start}cmd()", "who": "", "why": ""}]).splitlines()[1]

    assert cell.startswith("'" + start)


def test_a_negative_number_stays_a_number():
    assert printed("-o", "csv", rows=[{"id": -3, "who": "", "why": ""}]).splitlines()[1].startswith("-3")


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        pytest.param("a\x1b[31mb", "a\\x1b[31mb", id="terminal escape"),
        pytest.param("a\nb", "a\\x0ab", id="line break"),
        pytest.param("a\u202eb", "a\\x202eb", id="direction override"),
        pytest.param("[bold]a[/bold]", "[bold]a[/bold]", id="markup"),
        pytest.param(None, "", id="nothing"),
        pytest.param(("a", "b"), "a, b", id="several"),
    ],
)
def test_hostile_values_are_shown_and_not_obeyed(hostile, shown):
    assert harmless(hostile) == shown


def test_markup_in_a_table_is_text():
    assert "[red]x[/red]"[:11] in printed(rows=[{"id": "[red]x[/red]", "who": ""}])
