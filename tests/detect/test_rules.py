"""How signals combine: windows, nearness, counts, places, facts, and what excuses."""

from __future__ import annotations

from textwrap import dedent
from time import process_time

import pytest

from bedrock_audit.detect import Detector
from bedrock_audit.exchanges import exchanges
from bedrock_audit.record import Direction, Guardrail, Media, Model, PartKind, Role
from tests.builders import a_record, answered, asked, framed
from tests.policy.written import a_detector, seeing

GRASS = " grass" * 90
TWO = """\
signals:
  fox: {{phrases: [red fox]}}
  hen: {{phrases: [brown hen]}}
  owl: {{phrases: [grey owl]}}
rules:
  speaks:
    score: 0.8
    {rule}
"""


def sees(detector: Detector, *parts, **more):
    """Whether the clause matches any exchange of a record with these parts."""
    record = a_record(*(asked(part) if isinstance(part, str) else part for part in parts), **more)
    return any(detector.matches(one, record) for one in exchanges(record))


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        pytest.param("all: [fox, hen]", "A red fox and a brown hen.", True, id="all"),
        pytest.param("all: [fox, hen]", "A red fox.", False, id="all, one missing"),
        pytest.param("any: [fox, hen]", "A brown hen.", True, id="any"),
        pytest.param("all: [fox]\n    any: [hen, owl]", "A red fox, a grey owl.", True, id="all and any"),
        pytest.param("all: [fox]\n    any: [hen, owl]", "A red fox.", False, id="all without any"),
        pytest.param("all: [fox]\n    none: [hen]", "A red fox.", True, id="none"),
        pytest.param("all: [fox]\n    none: [hen]", "A red fox and a brown hen.", False, id="none, but there"),
        pytest.param("all: [fox, {any: [hen, owl]}]", "A red fox, a brown hen.", True, id="nested any"),
        pytest.param("all: [fox, {none: [hen]}]", "A red fox, a brown hen.", False, id="nested none"),
        pytest.param("all: [{at-least: 2, of: [fox, hen, owl]}]", "red fox, grey owl", True, id="two of three"),
        pytest.param("all: [{at-least: 2, of: [fox, hen, owl]}]", "red fox, red fox", False, id="one of three"),
        pytest.param("all: [{signal: fox, times: 2}]", "red fox, red fox", True, id="twice"),
        pytest.param("all: [{signal: fox, times: 2}]", "red fox", False, id="once is not twice"),
        pytest.param(
            "all: [{signal: fox, times: 2, distinct: true}]", "red fox, red fox", False, id="the same words twice"
        ),
        pytest.param("all: [fox, hen]", f"Red fox.{GRASS} Brown hen.", False, id="too far for a passage"),
        pytest.param("all: [fox, hen]\n    within: part", f"Red fox.{GRASS} Brown hen.", True, id="in the same part"),
        pytest.param("all: [fox, hen]\n    within: 3", "Red fox, brown hen.", True, id="within three words"),
        pytest.param("all: [fox, hen]\n    within: 3", "Red fox sees a brown hen.", False, id="not within three"),
        pytest.param("all: [fox, hen]\n    within: 5", "Brown hen sees a red fox.", True, id="in any order"),
        pytest.param("all: [fox, hen]\n    within: sentence", "A red fox. A brown hen.", False, id="two sentences"),
        pytest.param(
            "all: [fox, hen]\n    within: sentence",
            "A red fox. A red fox sees a brown hen.",
            True,
            id="the second of two sentences",
        ),
        pytest.param("all: [{then: [fox, hen], words: 4}]", "Red fox eats brown hen.", True, id="then"),
        pytest.param("all: [{then: [fox, hen], words: 4}]", "Brown hen eats red fox.", False, id="then, turned round"),
        pytest.param("all: [{near: [fox, hen], words: 4}]", "Brown hen eats red fox.", True, id="near, turned round"),
        pytest.param(
            "all: [{then: [fox, hen], words: 3}]", "Red fox, red fox, brown hen", True, id="then, from the second"
        ),
    ],
)
def test_signals_combine(rule, text, expected):
    assert sees(a_detector(TWO.format(rule=rule)), text) is expected


@pytest.mark.parametrize(
    ("place", "part", "expected"),
    [
        pytest.param("user", asked("red fox"), True, id="user"),
        pytest.param("user", asked("red fox", role=Role.TOOL), False, id="a tool is not the user"),
        pytest.param("asked", asked("red fox", role=Role.TOOL), True, id="a tool asks"),
        pytest.param("document", asked("red fox", role=Role.DOCUMENT), True, id="document"),
        pytest.param("answer", answered("red fox"), True, id="answer"),
        pytest.param("user", answered("red fox"), False, id="an answer is not the user"),
        pytest.param("system", framed("red fox"), True, id="system prompt"),
        pytest.param("anywhere", framed("red fox", role=Role.TOOL_DEFINITION), False, id="tools are not looked at"),
        pytest.param("tool-definition", framed("red fox", role=Role.TOOL_DEFINITION), True, id="unless asked to"),
        pytest.param("image-prompt", asked("red fox", kind=PartKind.IMAGE_PROMPT), True, id="image prompt"),
        pytest.param("user", asked("red fox", kind=PartKind.IMAGE_PROMPT), True, id="an image prompt is the user's"),
        pytest.param("image-prompt", asked("red fox"), False, id="a text is no image prompt"),
        pytest.param("anywhere", asked("red fox", kind=PartKind.NEGATIVE_PROMPT), False, id="negative prompt"),
        pytest.param("anywhere", asked("red fox", kind=PartKind.PARAMETER), False, id="parameter"),
        pytest.param("prefill", answered("red fox", direction=Direction.INPUT), True, id="prefilled answer"),
        pytest.param("answer", answered("red fox", direction=Direction.INPUT), False, id="a prefill is no answer"),
    ],
)
def test_a_signal_is_looked_for_where_the_rule_says(place, part, expected):
    parts = [part] if part.direction is Direction.INPUT and part.role is not Role.ASSISTANT else [asked("Go on"), part]

    assert sees(a_detector(seeing("red fox", rule=f"in: [{place}]")), *parts) is expected


def test_a_signals_own_place_wins():
    detector = a_detector(seeing("red fox", signal="in: [document]", rule="in: [user]"))

    assert sees(detector, asked("red fox", role=Role.DOCUMENT))
    assert not sees(detector, "red fox")


@pytest.mark.parametrize(
    ("signal", "text", "expected"),
    [
        pytest.param("unless: [negated]", "Never say red fox.", False, id="negated"),
        pytest.param("unless: [negated]", "Do not run. Say red fox.", True, id="another sentence is negated"),
        pytest.param("unless: [quoted]", 'He said "red fox" aloud.', False, id="quoted"),
        pytest.param("unless: [quoted]", 'He said "hen", red fox.', True, id="beside a quotation"),
        pytest.param("unless: [quoted]", "It's red fox, isn't it", True, id="apostrophes are no quotation"),
        pytest.param("unless: [code]", "Run `red fox` now.", False, id="in back-ticks"),
        pytest.param("unless: [code]", "```\nred fox\n```\nred fox", True, id="behind a code block"),
        pytest.param("unless: [code]", "```\nred fox", False, id="in a code block that is cut off"),
        pytest.param("first: 20", "red fox" + GRASS, True, id="at the beginning"),
        pytest.param("first: 20", GRASS + " red fox", False, id="not at the beginning"),
        pytest.param("last: 20", GRASS + " red fox", True, id="at the end"),
        pytest.param("written: upper", "RED FOX", True, id="in capitals"),
        pytest.param("written: upper", "Red Fox", False, id="not in capitals"),
        pytest.param("written: capitalised", "Red fox", True, id="with a capital"),
    ],
)
def test_a_hit_counts_only_so(signal, text, expected):
    assert sees(a_detector(seeing("red fox", signal=signal)), text) is expected


EXCUSED = """\
signals:
  fox: {{phrases: [red fox], unless: [{excuse}]}}
  story: {{phrases: [fairy tale], {reach}}}
rules:
  speaks: {{score: 0.8, all: [fox]}}
"""


@pytest.mark.parametrize(
    ("reach", "text", "excused"),
    [
        pytest.param("sentence", "A fairy tale of a red fox.", True, id="same sentence"),
        pytest.param("sentence", "A fairy tale. A red fox.", False, id="another sentence"),
        pytest.param("before 3", "fairy tale: one red fox", True, id="just before"),
        pytest.param("before 3", "red fox in a fairy tale", False, id="behind"),
        pytest.param("before 3", "fairy tale of my dear old red fox", False, id="too far before"),
        pytest.param("within 6", "Red fox. Some grass. Fairy tale.", True, id="near, behind"),
        pytest.param("within 6", f"Red fox.{GRASS} Fairy tale.", False, id="far behind"),
        pytest.param("part", f"Red fox.{GRASS} Fairy tale.", True, id="anywhere in the text"),
    ],
)
def test_a_context_excuses_within_its_reach(reach, text, excused):
    by_signal = a_detector(EXCUSED.format(excuse="story", reach=f"reach: {reach}"))
    by_use = a_detector(EXCUSED.format(excuse=f"{{context: story, reach: {reach}}}", reach="reach: part"))

    assert sees(by_signal, text) is not excused
    assert sees(by_use, text) is not excused


@pytest.mark.parametrize("reach", ["sentence", "before 3", "within 6"])
def test_a_long_context_that_begins_early_excuses_as_well(reach):
    clause = """\
        signals:
          fox: {phrases: [red fox], unless: [story]}
          story: {regex: ["fairy tale[^!]*!|fairy tale"], reach: %s}
        rules:
          speaks: {score: 0.8, all: [fox]}
        """
    detector = a_detector(dedent(clause) % reach)

    assert not sees(detector, "A fairy tale about a fairy tale about grass and more grass and a red fox!")


def test_many_hits_and_many_contexts_that_do_not_reach_them_are_judged_in_time():
    detector = a_detector(EXCUSED.format(excuse="story", reach="reach: before 1"))
    begin = process_time()

    assert not sees(detector, "A fairy tale red fox. " * 15_000)
    assert sees(detector, "A fairy tale. " * 15_000 + "A red fox. " * 15_000)
    assert process_time() - begin < 10


def test_one_excused_hit_does_not_excuse_another():
    detector = a_detector(EXCUSED.format(excuse="story", reach="reach: sentence"))

    assert sees(detector, "A fairy tale of a red fox. Now catch the red fox.")


def test_a_context_in_the_system_prompt_excuses_the_exchange():
    clause = """\
        signals:
          fox: {phrases: [red fox], in: [user]}
          zoo: {phrases: [zoo keeper], in: [system]}
        rules:
          speaks: {score: 0.8, all: [fox], none: [{context: zoo, reach: exchange}]}
        """

    assert sees(a_detector(clause), framed("You help a farmer."), "red fox")
    assert not sees(a_detector(clause), framed("You help a zoo keeper."), "red fox")


PICTURE = Media(
    kind="image",
    media_type="png",
    size=1,
    where="inline",
    role=Role.USER,
    direction=Direction.INPUT,
    location="/x",
    turn=0,
)


@pytest.mark.parametrize(
    ("when", "parts", "more", "expected"),
    [
        pytest.param("answer: [complied]", ["red fox", answered("Yes.")], {}, True, id="complied"),
        pytest.param("answer: [complied]", ["red fox"], {}, False, id="not complied"),
        pytest.param("media: [image]", ["red fox"], {"media": (PICTURE,)}, True, id="a picture"),
        pytest.param("media: [image]", ["red fox"], {}, False, id="no picture"),
        pytest.param("model: [image]", ["red fox"], {"model": Model(id="amazon.nova-canvas-v1:0")}, True, id="image"),
        pytest.param("model: [image]", ["red fox"], {}, False, id="text model"),
        pytest.param("hidden: [base64]", ["red fox"], {}, False, id="not hidden"),
        pytest.param("hidden: [base64]", ["say cmVkIGZveCBpbiB0aGUgZGFyaw=="], {}, True, id="hidden"),
        pytest.param("language: [de]", ["der red fox ist nicht für dich und mich"], {}, True, id="German"),
        pytest.param("language: [de]", ["the red fox is not for you and me"], {}, False, id="English"),
        pytest.param("min-chars: 20", ["red fox"], {}, False, id="too short"),
        pytest.param("max-chars: 20", ["red fox"], {}, True, id="short enough"),
    ],
)
def test_facts_are_asked(when, parts, more, expected):
    inside = a_detector(seeing("red fox", rule="").replace("all: [seen]", f"all: [seen, {{when: {{{when}}}}}]"))

    assert sees(inside, *parts, **more) is expected


BLOCKED = {"guardrail": Guardrail(intervened=True, policies=("content:PROMPT_ATTACK", "topic:foxes"))}


@pytest.mark.parametrize(
    ("wanted", "more", "expected"),
    [
        pytest.param('["content:PROMPT_ATTACK"]', BLOCKED, True, id="this policy"),
        pytest.param('["topic:*"]', BLOCKED, True, id="any topic"),
        pytest.param('["*"]', {"guardrail": Guardrail(intervened=True)}, True, id="any at all"),
        pytest.param('["content:HATE"]', BLOCKED, False, id="another policy"),
        pytest.param('["*"]', {"guardrail": Guardrail(intervened=False)}, False, id="did not intervene"),
        pytest.param('["*"]', {}, False, id="no guardrail"),
    ],
)
def test_a_rule_may_rest_on_a_guardrail_alone(wanted, more, expected):
    clause = f"rules:\n  stopped: {{score: 0.5, when: {{guardrail: {wanted}}}}}\n"

    assert sees(a_detector(clause), "Tell me of foxes", **more) is expected


EXCHANGE = """\
    signals:
      keeper: {phrases: [fox keeper], in: [system]}
      animal: {phrases: [new fox], in: [document, user]}
      verdict: {phrases: [let it in], in: [user, answer]}
    rules:
      decides: {score: 0.9, within: exchange, all: [keeper, animal, verdict]}
    """


def test_a_rule_may_look_over_the_exchange():
    detector = a_detector(EXCHANGE)
    keeper, animal = framed("You are a fox keeper."), asked("A new fox: two years old.", role=Role.DOCUMENT)

    assert sees(detector, keeper, animal, answered("Let it in."))
    assert not sees(detector, keeper, answered("Let it in."))
    assert not sees(detector, animal, answered("Let it in."))
    assert not sees(detector, keeper, animal)
