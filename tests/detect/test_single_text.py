"""A text by itself: judged as a prompt, an answer, or whatever it is said to be."""

from __future__ import annotations

import pytest

from bedrock_audit.detect.single_text import Seen, SingleText, judged
from tests.policy.written import HEAD, a_detector, seeing


@pytest.mark.parametrize(
    ("said", "place", "expected"),
    [
        pytest.param({}, "user", True, id="a user's, unless said otherwise"),
        pytest.param({"role": "prompt"}, "user", True, id="prompt"),
        pytest.param({"role": "completion"}, "answer", True, id="completion"),
        pytest.param({"role": "assistant"}, "answer", True, id="assistant"),
        pytest.param({"direction": "output"}, "answer", True, id="output"),
        pytest.param({"direction": "completion"}, "answer", True, id="direction completion"),
        pytest.param({"role": "completion"}, "user", False, id="a completion is not the user's"),
        pytest.param({"role": "system"}, "system", True, id="system prompt"),
        pytest.param({"role": "tool"}, "tool", True, id="tool's result"),
        pytest.param({"role": "document", "direction": "input"}, "document", True, id="document"),
    ],
)
def test_a_text_is_judged_as_what_it_is(said, place, expected):
    detector = a_detector(seeing("red fox", rule=f"in: [{place}]"))

    found = judged(SingleText(text="A red fox.", **said), detector)

    assert bool(found.matches) is expected


def test_a_match_and_the_scores_are_told():
    head = HEAD + "clause: consequential-decision\ndomain: housing\n"
    detector = a_detector(seeing("red fox"), head=head, name="consequential-decision.housing")

    found = judged(SingleText(text="A red fox."), detector)

    assert found.matches == (
        Seen(clause="consequential-decision", score=0.8, tier="clause", spans=((2, 9),), domain="housing"),
    )
    assert found.scores == {"consequential-decision": 0.8, "consequential:housing": 0.8}


def test_what_does_not_match_scores_nothing():
    assert judged(SingleText(text="A hen."), a_detector(seeing("red fox"))).scores == {"fox": 0.0}
