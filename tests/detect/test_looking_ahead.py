"""Looking ahead saves work and never loses a match: the same is found without it."""

from __future__ import annotations

import pytest

from bedrock_audit.detect.ahead import Ahead
from bedrock_audit.detect.lookout import REMEMBERED, Lookout
from bedrock_audit.detect.scanning import finder
from bedrock_audit.detect.segments import BLOCK, blocks, places, segments
from bedrock_audit.detect.sightings import Sightings
from bedrock_audit.detect.view import View
from bedrock_audit.policy import load_policy
from bedrock_audit.policy.clause import Place
from bedrock_audit.policy.folding import folded
from bedrock_audit.policy.loader import read_with_cases
from bedrock_audit.policy.pattern import phrase_pattern
from bedrock_audit.policy.phrase import Lists

POLICY = load_policy()
AHEAD = Ahead(POLICY)
TEXTS = [
    case.shown()
    for read in read_with_cases()
    for case in (*read.file.cases.must_match[::7], *read.file.cases.must_not_match[::9])
]


def tried_everywhere(signal, data):
    """What each pattern matches in each stretch (or, crossing them, in the whole) when nothing is left out."""
    ranges = list(places(segments(data)))
    for pattern in signal.patterns:
        for start, end in [(0, len(data))] if pattern.crosses else ranges:
            yield from (found.span() for found in finder(pattern.exact).finditer(data, start, end))


def tried_ahead(signal, data):
    view = View(text=data.decode(), original=data.decode())
    sightings = Sightings(view, policy=POLICY, chances=AHEAD.chances(data))
    for pattern, block in sightings.chances.of(signal):
        yield from sightings.spans(pattern, block)


@pytest.mark.parametrize("part", range(6))
def test_nothing_is_lost_by_looking_ahead(part):
    for text in TEXTS[part::6][:12]:
        data = folded(text).encode()
        for signal in POLICY.signals.values():
            assert set(tried_ahead(signal, data)) == set(tried_everywhere(signal, data)), (signal.key, text)


def test_nothing_is_lost_in_a_long_document():
    data = folded("\n\n".join(TEXTS)).encode()

    assert len(blocks(data)) > 5
    for signal in POLICY.signals.values():
        assert set(tried_ahead(signal, data)) == set(tried_everywhere(signal, data)), signal.key


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("", 1, id="nothing"),
        pytest.param("one. two. three", 1, id="a short text"),
        pytest.param("one. " * BLOCK, 5, id="sentences are put together"),
        pytest.param("one " * BLOCK, 1, id="a long sentence is not cut"),
        pytest.param("one " * BLOCK + "\n\ntwo", 2, id="a long sentence, and another"),
    ],
)
def test_blocks_are_whole_stretches_one_after_the_other(text, count):
    data = text.encode()
    found = blocks(data)
    edges = {0, *(end for _, end in places(segments(data)))}

    assert len(found) == count
    assert [end for (_, end), _ in found[:-1]] == [begin for (begin, _), _ in found[1:]]
    assert (found[0][0][0], found[-1][0][1]) == (0, len(data))
    assert all(begin in edges and end in edges for (begin, end), _ in found)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        pytest.param("one two. three", ["one two", "three"], id="sentences"),
        pytest.param("one! two? three", ["one", "two", "three"], id="other ends"),
        pytest.param('he said "one." then two', ["he said  one", " then two"], id="behind a quotation"),
        pytest.param("at 3.5 of e.g. mr. fox", ["at 3 5 of e g", "mr  fox"], id="full stops within"),
        pytest.param("dear dr. fox is here", ["dear dr  fox is here"], id="a title"),
        pytest.param("one\ntwo", ["one two"], id="a line break"),
        pytest.param("one\n\ntwo\n- three", ["one", "two", " three"], id="paragraphs and items"),
        pytest.param("", [""], id="nothing"),
    ],
)
def test_text_is_cut_where_phrases_do_not_cross(text, cut):
    assert [one.decode() for one in segments(text.encode())] == cut


@pytest.mark.parametrize("text", ["one two. three! four\n\n- five", "a. b. c. ", ". . .", "mr. fox. hen", "\x00. \x00"])
def test_stretches_stand_where_they_were_cut(text):
    data = text.encode()
    cut = segments(data)

    for (start, end), stretch in zip(places(cut), cut, strict=True):
        assert data[start:end].endswith(data[end - len(stretch) : end])
        assert end - start in {len(stretch), len(stretch) + 1, len(stretch) + 2}


def test_what_is_remembered_of_blocks_is_bounded():
    lookout = Lookout([phrase_pattern("red fox", lists=Lists({}))])

    for number in range(40):
        lookout.chances(b"grass " * (REMEMBERED // 120) + b". %d" % number)
        assert 0 < lookout.remembered <= REMEMBERED


def test_rules_that_cannot_hold_are_not_judged():
    possible = AHEAD.chances(b"the weather is fine today").possible

    assert list(AHEAD.rules_in_a_text(possible, frozenset({Place.USER}))) == []


def test_rules_that_look_elsewhere_are_not_judged():
    possible = sum(AHEAD.needed.bits.values())

    asked = {one.rule.id for one in AHEAD.rules_in_a_text(possible, frozenset({Place.USER}))}
    answered = {one.rule.id for one in AHEAD.rules_in_a_text(possible, frozenset({Place.ANSWER}))}

    assert asked - answered
    assert answered - asked
