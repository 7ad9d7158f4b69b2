"""A part's location and offset lead back to its text in the record."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.normalise.families import golden

CASES = golden.cases()


def at(pointer: str, record: Any) -> Any:
    """The value an RFC 6901 pointer leads to; it may lead on into JSON that a string holds the beginning of."""
    for token in pointer.split("/")[1:]:
        if isinstance(record, str):
            try:
                record = json.loads(record)
            except ValueError:
                return ""
        record = record[int(token)] if isinstance(record, list) else record[token.replace("~1", "/").replace("~0", "~")]
    return record


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_location_leads_back_to_the_text(case):
    is_streamed = isinstance(case.get("response"), list)
    record = {
        "input": {"inputBodyJson": case.get("request")},
        "output": {"outputBodyJson": case.get("response")},
    }

    asked, answered = golden.read(case)

    for part in (*asked.parts, *answered.parts):
        held = at(part.location, record)
        is_first_fragment = is_streamed and (part.text.startswith(held) or part.offset > 0)
        in_base64 = base64.b64encode(part.text.encode("utf-8", "surrogatepass")).decode()
        assert is_first_fragment or held[part.offset :].startswith(part.text) or in_base64 in held, part.location
