"""A part's location and offset lead back to its text in the record."""

from __future__ import annotations

from typing import Any

import pytest

from tests.normalise.families import golden

CASES = golden.cases()


def at(pointer: str, record: Any) -> Any:
    """The value an RFC 6901 pointer leads to; a string on the way (it holds JSON) ends the way."""
    for token in pointer.split("/")[1:]:
        if isinstance(record, str):
            return record
        record = record[int(token)] if isinstance(record, list) else record[token.replace("~1", "/").replace("~0", "~")]
    return record


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_location_leads_back_to_the_text(case):
    record = {
        "input": {"inputBodyJson": case.get("request")},
        "output": {"outputBodyJson": case.get("response")},
    }

    asked, answered = golden.read(case)

    for part in (*asked.parts, *answered.parts):
        held = at(part.location, record)
        assert isinstance(held, str), part.location
        is_whole = held[part.offset :].startswith(part.text)
        is_first_fragment = part.text.startswith(held) or part.offset > 0
        is_inside = part.text in held.replace('\\"', '"') or "data:" in held
        assert is_whole or is_first_fragment or is_inside, part.location
