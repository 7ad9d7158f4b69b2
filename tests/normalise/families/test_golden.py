"""Every family's bodies, asked and answered, streamed and not, say exactly what they say."""

from __future__ import annotations

import pytest

from tests.normalise.families import golden

CASES = golden.cases()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_body_says_what_it_says(case):
    asked, answered = golden.read(case)

    assert [*asked.parts, *answered.parts] == [golden.part(expected) for expected in case["parts"]]
    assert [*asked.media, *answered.media] == [golden.media(expected) for expected in case.get("media", [])]
    assert [*asked.problems, *answered.problems] == case.get("problems", [])


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_body_is_known_by_its_shape(case):
    golden.read(case)

    assert case["read as"] == case.get("shapes", [case["family"]] * len(case["read as"]))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_nobody_knows_is_counted(case):
    asked, answered = golden.read(case)

    expected = sum(kind == "unknown" for _, kind, *_ in case["parts"])
    assert asked.unknown_strings + answered.unknown_strings == expected


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_shape_tells_enough_when_the_models_name_is_hidden(case):
    profile = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/ab12cd34ef56"

    asked, answered = golden.read({**case, "model": profile})

    assert [*asked.parts, *answered.parts] == [golden.part(expected) for expected in case["parts"]]
