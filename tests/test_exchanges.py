"""Exchanges: what is one matter however often it is sent, and what is not."""

from __future__ import annotations

import msgspec
import pytest

from bedrock_audit.exchanges import ExchangeKind, exchanges
from bedrock_audit.record import Direction, Media, PartKind, Role
from tests.builders import a_record, an_exchange, answered, asked, framed

QUESTION = "How do I clean a coffee grinder?"
FOLLOW_UP = "And how often should that be done?"


def keys(*parts):
    return [exchange.key for exchange in exchanges(a_record(*parts))]


def test_a_resent_history_has_the_keys_of_the_records_that_asked():
    first = keys(asked(QUESTION), answered("With a brush."))

    second = keys(asked(QUESTION), answered("With a brush."), asked(FOLLOW_UP, turn=2), answered("Weekly.", turn=3))

    assert second[0] == first[0]
    assert second[1] != first[0]


def test_only_the_last_turn_is_new():
    record = a_record(asked(QUESTION), answered("Brush."), asked(FOLLOW_UP, turn=2), answered("Weekly.", turn=3))

    assert [exchange.is_new for exchange in exchanges(record)] == [False, True]


def test_an_answer_that_the_client_rewrote_does_not_change_the_key():
    assert keys(asked(QUESTION), answered("With a brush.")) == keys(asked(QUESTION), answered("with a … [trimmed]"))


@pytest.mark.parametrize(
    "variant",
    [
        pytest.param(QUESTION.upper(), id="case"),
        pytest.param(f"  {QUESTION.replace(' ', '  ')}\n", id="white space"),
        pytest.param("\uff28" + QUESTION[1:], id="full-width letter"),
        pytest.param("\u200b".join(QUESTION), id="letters that take no room"),
    ],
)
def test_the_key_sees_through_typography(variant):
    assert keys(asked(variant)) == keys(asked(QUESTION))


def test_a_short_ask_is_told_apart_by_the_answer_before_it():
    after_refund = keys(asked(QUESTION), answered("Shall I refund?"), asked("yes", turn=2), answered("Done.", turn=3))
    after_delete = keys(asked(QUESTION), answered("Shall I delete?"), asked("yes", turn=2), answered("Done.", turn=3))

    assert after_refund[1] != after_delete[1]


def test_a_tool_result_asks():
    record = a_record(
        asked(QUESTION),
        answered('{"query": "grinder"}', kind=PartKind.TOOL_ARGUMENTS),
        asked("Manual: use rice, then a brush.", turn=2, role=Role.TOOL),
        answered("Use rice.", turn=3),
    )

    first, second = exchanges(record)

    assert [part.role for part in second.asked] == [Role.TOOL]
    assert second.is_new
    assert not first.is_new


def test_a_prefilled_answer_belongs_to_the_ask_it_follows():
    record = a_record(
        asked(QUESTION), answered("Sure, first", direction=Direction.INPUT), answered(" unplug it.", turn=2)
    )

    (exchange,) = exchanges(record)

    assert [part.text for part in exchange.answered] == ["Sure, first", " unplug it."]


def test_an_echo_is_not_said_twice():
    exchange = an_exchange(asked(QUESTION), answered(QUESTION, is_echo=True), answered("With a brush."))

    assert [part.text for part in exchange.answered] == ["With a brush."]


def test_the_frame_is_an_exchange_of_its_own_and_stands_around_every_turn():
    framing, turn = exchanges(a_record(framed("Be brief."), asked(QUESTION), answered("Brush.")))

    assert framing.kind is ExchangeKind.FRAME
    assert turn.kind is ExchangeKind.TURN
    assert turn.frame == framing.asked


def test_an_answer_without_an_ask_is_still_an_exchange():
    (exchange,) = exchanges(a_record(answered("Out of nowhere.")))

    assert exchange.asked == ()
    assert exchange.answered


def test_answers_without_asks_in_two_records_are_two_matters():
    one, other = (a_record(answered("Hello."), identity=name) for name in ("one", "other"))

    assert exchanges(one)[0].key != exchanges(other)[0].key


def test_two_pictures_without_words_are_told_apart_by_what_is_known_of_them():
    def shown(size):
        media = Media(
            kind="image",
            media_type="png",
            size=size,
            where="inline",
            role=Role.USER,
            direction=Direction.INPUT,
            location="/input",
            turn=0,
        )
        return exchanges(a_record(asked("what?"), media=(media,)))[0].key

    assert shown(10) != shown(11)


def test_lone_surrogates_do_not_break_the_key():
    record = a_record(asked("broken \ud83d text that is long enough to ask alone"))

    assert len(exchanges(record)[0].key) == 32


def test_a_record_without_parts_has_no_exchanges():
    assert exchanges(msgspec.structs.replace(a_record(), parts=())) == ()


def test_neighbouring_asks_have_a_key_each_and_are_one_exchange():
    (alone,) = exchanges(a_record(asked(QUESTION, location="/0"), answered("With a brush.")))

    (together,) = exchanges(
        a_record(asked(QUESTION, location="/0"), asked(FOLLOW_UP, turn=1, location="/1"), answered("Weekly.", turn=2))
    )

    assert together.key_at("/0", 5) == alone.key_at("/0", 5) == alone.key
    assert together.key_at("/1", 5) not in (together.key, alone.key)
    assert together.key_at("/output", 5) == together.key


def test_an_answer_that_the_client_emptied_still_stands_between_two_asks():
    record = a_record(asked(QUESTION), asked(FOLLOW_UP, turn=2), answered("Weekly.", turn=3))

    first, second = exchanges(record)

    assert first.key == keys(asked(QUESTION), answered("With a brush."))[0]
    assert (first.is_new, second.is_new) == (False, True)


def test_turns_cut_from_one_string_are_told_apart_by_where_they_begin():
    prompt = (asked(QUESTION, location="/prompt"), asked(FOLLOW_UP, turn=1, location="/prompt", offset=50))

    (exchange,) = exchanges(a_record(*prompt))

    assert exchange.key_at("/prompt", 4) == keys(asked(QUESTION))[0]
    assert exchange.key_at("/prompt", 54) == keys(asked(FOLLOW_UP))[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Flatter. It is 2026-05-04T10:00:00Z.", "Flatter. It is 2026-11-23T18:30:01Z.", id="time"),
        pytest.param("Flatter on Monday, May 4, 9 AM.", "Flatter on Friday, June 12, 11 PM.", id="date in words"),
        pytest.param("Flatter.\nThe user is Ann.", "Flatter.\nThe user is Bob.", id="another line"),
    ],
)
def test_a_frame_that_changes_with_every_call_is_one_matter(one, other):
    first, second = (exchanges(a_record(framed(text, location="/s"), asked(QUESTION)))[0] for text in (one, other))

    assert first.key != second.key
    assert first.key_at("/s", 2) == second.key_at("/s", 2)


def test_two_lines_of_a_frame_are_two_matters():
    frame = exchanges(a_record(framed("Flatter.\nThreaten.", location="/s"), asked(QUESTION)))[0]

    assert frame.key_at("/s", 2) != frame.key_at("/s", 12)
