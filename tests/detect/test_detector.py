"""From an exchange to matches: which, by which rule, with what evidence, and how often it is looked at."""

from __future__ import annotations

import msgspec
import pytest

from bedrock_audit.detect import Detector
from bedrock_audit.detect.scanning import finder
from bedrock_audit.detect.text_reading import AUTOMATA_LIVE_FOR
from bedrock_audit.exchanges import ExchangeKind, exchanges
from bedrock_audit.finding import Disposition, Severity, Span
from bedrock_audit.record import Direction, Role
from tests.builders import a_record, answered, asked, framed
from tests.policy.written import HEAD, a_detector, seeing

FOX = a_detector(seeing("red fox"))


def matches(detector, *parts, **more):
    record = a_record(*parts, **more)
    return [match for one in exchanges(record) for match in detector.matches(one, record)]


def test_a_match_says_what_it_rests_on():
    (match,) = matches(FOX, asked("Is there a red fox?"), answered("Yes, there is."))

    assert (match.rule, match.clause, match.title) == ("fox", "fox", "Speaks of a fox")
    assert (match.severity, match.score, match.tier) == (Severity.MEDIUM, 0.8, "clause")
    assert match.disposition is Disposition.COMPLIED
    assert match.language == "en"
    assert match.spans == (Span(location="/input/inputBodyJson/messages/0/content/0/text", start=11, end=18),)
    assert match.excerpt == "Is there a red fox?"
    assert len(match.text_hash) == 32
    assert not match.shadow


def test_a_span_counts_from_where_the_part_stands_in_its_string():
    (match,) = matches(FOX, asked("red fox", offset=100, location="/input/prompt"))

    assert match.spans == (Span(location="/input/prompt", start=100, end=107),)


def test_an_explanation_tells_conditions_and_places_but_no_words():
    (match,) = matches(FOX, asked("a wild red fox", role=Role.DOCUMENT))

    assert match.explanation == ("Rule speaks of fox holds.", "Seen in a document: seen.")


def test_a_rule_may_say_it_better():
    detector = a_detector(seeing("red fox", rule="says: Somebody asks after a fox."))

    assert matches(detector, asked("red fox"))[0].explanation[0] == "Somebody asks after a fox."


def test_an_explanation_says_how_the_words_were_hidden():
    (match,) = matches(FOX, asked("r e d  f o x"))

    assert "The text was hidden: spaced-out letters." in match.explanation


def test_hidden_words_are_shown_as_what_they_say():
    (match,) = matches(FOX, asked("Decode VGhlIHJlZCBmb3ggaXMgaW4gdGhlIGdhcmRlbg== for me"))

    assert match.excerpt == "Decode The red fox is in the garden for me"
    assert [(span.start, span.end) for span in match.spans] == [(7, 47)]


def test_an_excerpt_is_bounded_and_redacted():
    (match,) = matches(FOX, asked("grass " * 100 + "write jo@example.org: a red fox " + "grass " * 100))

    assert len(match.excerpt) <= 240 + len("[e-mail]")
    assert "red fox" in match.excerpt
    assert "[e-mail]" in match.excerpt
    assert "jo@" not in match.excerpt
    assert match.excerpt.startswith("… ")
    assert match.excerpt.endswith(" …")


def test_invisible_signs_do_not_keep_a_number_from_being_taken_out():
    (match,) = matches(FOX, asked("a red fox pays with " + "\u200b".join("4111111111111111")))

    assert match.excerpt == "a red fox pays with [card]"


def test_an_excerpt_steers_no_screen():
    (match,) = matches(FOX, asked("\x1b[31m\u202ea red\x07 fox\u2066 \U000e0068\U000e0069"))

    assert match.excerpt == "[31ma red fox hi"


def test_a_clause_may_forbid_to_keep_any_text():
    head = HEAD + "evidence: {text: never}\n"

    (match,) = matches(a_detector(seeing("red fox"), head=head), asked("a red fox"))

    assert match.excerpt is None
    assert match.spans
    assert match.text_hash
    assert "red fox" not in str(msgspec.structs.asdict(match) | {"title": ""})


def test_ours_about_minors_keeps_no_text(our_detector):
    text = "Write a sexual story about a child"

    found = [match for match in matches(our_detector, asked(text)) if match.clause == "minor-harm"]

    assert found
    assert all(match.excerpt is None for match in found)
    assert not any(word in sentence for match in found for sentence in match.explanation for word in ("story", "Write"))


def test_a_shadow_clause_says_so():
    (match,) = matches(a_detector(seeing("red fox"), head=HEAD + "stage: shadow\n"), asked("red fox"))

    assert match.shadow


def test_the_best_rule_of_a_clause_is_told():
    clause = """\
        signals:
          fox: {phrases: [red fox]}
        rules:
          weak: {score: 0.4, all: [fox]}
          strong: {score: 0.9, all: [fox], severity: critical, says: It is strong.}
          weaker: {score: 0.3, all: [fox]}
        """

    (match,) = matches(a_detector(clause), asked("red fox"))

    assert (match.score, match.severity, match.explanation[0]) == (0.9, Severity.CRITICAL, "It is strong.")


def test_domains_are_told():
    head = HEAD + "clause: consequential-decision\ndomain: housing\n"

    (match,) = matches(
        a_detector(seeing("red fox"), head=head, name="consequential-decision.housing"), asked("red fox")
    )

    assert (match.rule, match.clause, match.domain) == (
        "consequential-decision.housing",
        "consequential-decision",
        "housing",
    )


def test_the_words_of_a_refusal_do_not_match():
    ask = asked("Tell me something about animals")

    assert matches(FOX, ask, answered("Here you go: the red fox.")) != []
    assert matches(FOX, ask, answered("I'm sorry, but I can't help with the red fox.")) == []


def test_a_refused_ask_still_matches_and_is_told_refused():
    (match,) = matches(FOX, asked("Find the red fox"), answered("I can't help with that."))

    assert match.disposition is Disposition.REFUSED


def test_a_prefilled_refusal_is_looked_at():
    prefill = answered("I can't help but say: red fox", direction=Direction.INPUT)

    assert matches(FOX, asked("Go on, please, with the story"), prefill, answered("indeed.", turn=2)) != []


def test_what_the_system_prompt_alone_says_is_told_of_the_frame():
    record = a_record(framed("You know the red fox."), asked("Hello, how are you today?"))

    found = {one.kind: len(FOX.matches(one, record)) for one in exchanges(record)}

    assert found == {ExchangeKind.FRAME: 1, ExchangeKind.TURN: 0}


def test_history_is_looked_at_too():
    record = a_record(
        asked("Is there a red fox outside?", turn=0),
        answered("No, there is none.", turn=1, direction=Direction.INPUT),
        asked("And is there a hen outside?", turn=2),
        answered("Yes.", turn=3),
    )

    assert [len(FOX.matches(one, record)) for one in exchanges(record)] == [1, 0]


def test_the_same_words_at_another_place_are_told_of_that_place():
    first, second = (
        matches(FOX, asked("a red fox", location=place), request_id=place)[0] for place in ("/input/a", "/input/b")
    )

    assert (first.spans[0].location, second.spans[0].location) == ("/input/a", "/input/b")
    assert msgspec.structs.replace(first, spans=()) == msgspec.structs.replace(second, spans=())


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(asked("a red fox", role=Role.TOOL), id="role"),
        pytest.param(answered("a red fox"), id="direction"),
    ],
)
def test_the_same_words_said_by_another_are_judged_anew(other):
    detector = a_detector(seeing("red fox", rule="in: [user]"))

    assert matches(detector, asked("a red fox")) != []
    assert matches(detector, asked("Tell me, please, what you see"), other) == []


def test_the_same_exchange_with_another_answer_is_judged_anew():
    ask = asked("Where is the red fox now?")

    found = [matches(FOX, ask, answered(text))[0].disposition for text in ("In its den.", "I can't help with that.")]

    assert found == [Disposition.COMPLIED, Disposition.REFUSED]


@pytest.mark.parametrize(
    ("role", "answer", "expected"),
    [
        pytest.param(Role.USER, "In its den.", Disposition.COMPLIED, id="a user's words, answered"),
        pytest.param(Role.DOCUMENT, "In its den.", Disposition.UNKNOWN, id="a document's, answered"),
        pytest.param(Role.TOOL, "In its den.", Disposition.UNKNOWN, id="a tool's, answered"),
        pytest.param(Role.TOOL, "I can't help with that.", Disposition.REFUSED, id="a tool's, refused"),
        pytest.param(Role.TOOL, "It sleeps in its den.", Disposition.COMPLIED, id="a tool's and the answer's together"),
    ],
)
def test_an_answer_does_not_tell_that_a_document_was_obeyed(role, answer, expected):
    detector = a_detector("""\
        signals:
          seen: {phrases: [red fox]}
          told: {phrases: [sleeps in], in: [answer]}
        rules:
          speaks: {score: 0.8, all: [seen]}
          betrays: {score: 0.9, within: exchange, all: [seen, told]}
        """)
    found = matches(detector, asked("Where is the red fox now?", role=role), answered(answer))

    assert found[0].disposition == expected


def test_a_text_seen_before_is_not_looked_at_again():
    detector = a_detector(seeing("red fox"))
    record = a_record(framed("You are a ranger."), asked("Where is the red fox now?"), answered("In its den."))
    for one in exchanges(record):
        detector.matches(one, record)

    looked_at = detector.texts_looked_at
    for one in exchanges(a_record(*record.parts, request_id="again")):
        detector.matches(one, record)

    assert looked_at == 3
    assert detector.texts_looked_at == 3


def test_what_expressions_have_learnt_of_much_text_is_forgotten():
    ask = asked("Where is the red fox now?")
    detector = a_detector(seeing("red fox"))
    assert matches(detector, ask)
    assert finder.cache_info().currsize

    for number in range(3):
        matches(detector, asked("grass " * (AUTOMATA_LIVE_FOR // 12) + str(number)))

    assert not finder.cache_info().currsize
    assert matches(detector, asked("Where is the red fox then?"))


def test_the_language_of_a_part_is_told():
    assert FOX.language(asked("¿Dónde está el zorro rojo?")) == "es"


def test_lone_surrogates_do_no_harm():
    (match,) = matches(FOX, asked("\ud800 red fox \udfff"))

    assert match.excerpt.encode("utf-8")


@pytest.fixture(scope="module")
def our_detector():
    from bedrock_audit.policy import load_policy

    return Detector(load_policy())
