from __future__ import annotations

from message_batch import worked_off
from tests.lambdas.deployed import Context, batch

NAMES = [f"m{number}" for number in range(10)]


def order(*records):
    """The messages of a batch in the order in which they are worked off."""
    seen = []
    answer = worked_off({"Records": list(records)}, Context(), work=lambda record: seen.append(record.message_id))
    assert answer == {"batchItemFailures": []}
    return seen


def messages(attempt):
    return batch(*NAMES, attempt=attempt)["Records"]


def test_fresh_messages_come_in_their_order(account):
    assert order(*messages(1)) == NAMES


def test_fresh_messages_do_not_wait_for_what_failed_before(account):
    tried, fresh = messages(3)[:5], messages(1)[5:]

    assert order(*tried, *fresh)[:5] == NAMES[5:]


def test_no_message_is_always_behind_another(account):
    """One that crashes the function would otherwise keep those behind it from ever being worked off."""
    orders = [order(*messages(attempt)) for attempt in range(1, 6)]

    for poison in NAMES:
        ahead = {name for found in orders for name in found[: found.index(poison)]}
        assert len(ahead) >= 8, poison
