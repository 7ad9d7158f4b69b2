"""The same tools are sent with every call: what is remembered of them says what reading them anew would."""

from __future__ import annotations

import pytest

from bedrock_audit.normalise.leaves import leaves
from bedrock_audit.normalise.noise import SCHEMA_NOISE
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.tools import LONGEST_REMEMBERED, read_tools
from bedrock_audit.record import Direction, Role

PRUNE = {"name": "prune", "description": "Prunes a tree", "parameters": {"type": "object", "required": ["tree"]}}


def nested(depth):
    value = "so deep"
    for _ in range(depth):
        value = {"a": value}
    return value


TOOLS = {
    "a list": [PRUNE],
    "one": PRUNE,
    "a string": "prune: prunes a tree",
    "a number": 7,
    "nothing": [],
    "numbers no parser takes": [{"name": "count", "most": 10**400}],
    "deep": [nested(5000)],
    "long": [{**PRUNE, "description": "prunes " * LONGEST_REMEMBERED}],
}


def parts_of(tools, at="/input/tools", direction=Direction.INPUT, **options):
    reading = Reading("/input", direction)
    read_tools(tools, at, reading, **options)
    return reading.parts


@pytest.mark.parametrize("tools", TOOLS.values(), ids=TOOLS)
def test_remembered_or_not_the_same_is_read(tools):
    first, again = parts_of(tools), parts_of(tools)

    assert first == again
    assert [(part.text, part.location) for part in first] == [
        (leaf.text, leaf.location) for leaf in leaves(tools, "/input/tools", skip=SCHEMA_NOISE)
    ]
    assert {part.role for part in first} <= {Role.TOOL_DEFINITION}


def test_another_place_direction_or_echo_is_told_apart():
    here, there = parts_of([PRUNE]), parts_of([PRUNE], "/input/toolConfig/tools")
    back = parts_of([PRUNE], direction=Direction.OUTPUT, is_echo=True)

    assert {part.location for part in here}.isdisjoint(part.location for part in there)
    assert {(part.direction, part.is_echo) for part in back} == {(Direction.OUTPUT, True)}
    assert parts_of([PRUNE]) == here
