"""YAML with places: what is refused, and on which line."""

from __future__ import annotations

import datetime
from enum import StrEnum

import msgspec
import pytest

from bedrock_audit.errors import ConfigurationError
from bedrock_audit.located import located


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Leaf(msgspec.Struct, frozen=True):
    colour: Colour
    since: datetime.date | None = None


class Tree(msgspec.Struct, frozen=True):
    name: str
    height: int = 0
    leaves: tuple[Leaf, ...] = ()
    labels: dict[str, str] = {}
    evergreen: bool = False


def read(text):
    (document,) = located(text, "tree.yaml")
    return document.converted(Tree)


def test_a_document_becomes_a_typed_value():
    text = "name: oak\nheight: 12\nleaves:\n- {colour: red, since: 2026-11-23}\nevergreen: false\nlabels: {a: 1}\n"

    assert read(text) == Tree(
        name="oak", height=12, leaves=(Leaf(Colour.RED, datetime.date(2026, 11, 23)),), labels={"a": "1"}
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("012345678901", "012345678901", id="digits that YAML reads as octal"),
        pytest.param("no", "no", id="a word that YAML reads as false"),
        pytest.param("1e3", "1e3", id="a word that YAML reads as a number"),
        pytest.param("2026-11-23", "2026-11-23", id="a word that YAML reads as a date"),
        pytest.param("'null'", "null", id="a quoted null is a word"),
    ],
)
def test_text_stays_what_was_written(written, meant):
    assert read(f"name: {written}").name == meant


@pytest.mark.parametrize("nothing", ["", "~", "null"], ids=repr)
def test_a_key_without_a_value_is_as_good_as_none(nothing):
    assert read(f"name: oak\nheight: {nothing}\n") == Tree(name="oak")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("name: oak\nheigt: 3", "tree.yaml:2: heigt: there is no such key; did you mean height?", id="key"),
        pytest.param(
            "name: oak\nxyz: 3",
            "tree.yaml:2: xyz: there is no such key; there are: name, height, leaves, labels, evergreen",
            id="a key near to nothing",
        ),
        pytest.param(
            "name: oak\nleaves:\n- colour: red\n  sinse: 1\n",
            "tree.yaml:4: leaves[0].sinse: there is no such key; did you mean since?",
            id="a key deep inside",
        ),
        pytest.param(
            "name: oak\nleaves:\n- colour: red\n- colour: gren\n",
            "tree.yaml:4: leaves[1].colour: 'gren' is not known; did you mean green?",
            id="a word of a closed set",
        ),
        pytest.param(
            "name: oak\nleaves:\n- colour: red\n  since: soon\n",
            "tree.yaml:4: leaves[0].since: 'soon' is no date; write it like 2026-11-23",
            id="date",
        ),
        pytest.param("height: 3", "tree.yaml:1: the key name is missing", id="a missing key"),
        pytest.param("name: oak\nheight: tall", "tree.yaml:2: height: expected a number, got text", id="number"),
        pytest.param("name: oak\nleaves: red", "tree.yaml:2: leaves: expected a list, got text", id="list"),
        pytest.param("name: [oak]", "tree.yaml:1: name: expected text, got a list", id="text"),
        pytest.param("name: oak\nevergreen: yes", "tree.yaml:2: evergreen: expected true or false, got text", id="yes"),
        pytest.param("name: oak\n\n\nname: elm", "tree.yaml:4: 'name' is given twice", id="a key given twice"),
        pytest.param("name: oak\n? [a]\n: b", "tree.yaml:2: a key must be a word", id="a key that is a list"),
        pytest.param("name: &n oak\nlabels: {a: *n}", "tree.yaml:1: anchors and aliases are not read here", id="alias"),
        pytest.param("name: [oak", "tree.yaml:1: this is no YAML: ", id="unfinished list"),
        pytest.param("name: oak\n\theight: 3", "tree.yaml:2: this is no YAML: ", id="tab"),
        pytest.param("name: *oak", "tree.yaml:1: anchors and aliases are not read here", id="undefined alias"),
        pytest.param(b"name: \xff\xfe", "tree.yaml: this is no text in UTF-8", id="bytes that are no text"),
        pytest.param("[" * 5000, "tree.yaml: this is nested too deeply", id="very deep"),
        pytest.param("- name: oak", "tree.yaml:1: expected a mapping, got a list", id="a list instead of a mapping"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_its_line(text, message):
    with pytest.raises(ConfigurationError) as refused:
        read(text)

    assert str(refused.value).startswith(message)


def test_aliases_of_aliases_cost_nothing():
    bomb = "a: &a [x,x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)},*{chr(97 + n)}]\n" for n in range(24)
    )

    with pytest.raises(ConfigurationError, match="anchors and aliases"):
        located(bomb, "bomb.yaml")


def test_a_value_that_refers_to_itself_is_refused():
    with pytest.raises(ConfigurationError, match=r"loop\.yaml:1: anchors and aliases"):
        located("&a [*a]", "loop.yaml")


def test_several_documents_are_several_and_empty_ones_none():
    assert [document.data for document in located("name: a\n---\n---\nname: b\n", "two.yaml")] == [
        {"name": "a"},
        {"name": "b"},
    ]
    assert located("# nothing\n", "none.yaml") == []


def test_a_part_knows_its_line():
    (document,) = located("trees:\n  - name: oak\n  - name: elm\n", "trees.yaml")

    assert document.part("trees", 1).line() == 3
    assert document.part("trees", 1, "name").data == "elm"
