"""Whatever a log contains, what is stored stays small enough for every store and can be read back."""

from __future__ import annotations

import msgspec
import pytest

from bedrock_audit.aws.items import finding_item, occurrence_item
from bedrock_audit.aws.ledger_items import row_item, usage_item
from bedrock_audit.coverage import Coverage
from bedrock_audit.finding import Change, Evidence, Observation, Span, Status
from bedrock_audit.ports import FindingQuery
from bedrock_audit.recording import Kept, bounded
from bedrock_audit.recording.bounds import CUT, LONGEST_TEXT, MOST_CHANGES, MOST_ITEMS, bounded_history, cut
from bedrock_audit.use_case import Approval
from bedrock_audit.use_case.changes import MOST_APPROVALS
from bedrock_audit.use_case.checks import faults
from tests.builders import NOON, ROLE_ARN, a_finding, a_use_case, an_occurrence
from tests.stores.sightings import minutes, seen, used
from tests.stores.test_ledger import a_row

ITEM_LIMIT = 400 * 1024
SWELLING = {
    "long": "x" * 50_000,
    "control characters, six bytes each": "\x01" * 10_000,
    "four bytes each": "🛑" * 10_000,
    "quotes": '"' * 20_000,
    "lone surrogates": "\ud800" * 10_000,
}


def item_size(item):
    """Bytes as DynamoDB counts them: names and values in UTF-8."""
    return sum(len(name) + len(str(next(iter(value.values()))).encode()) for name, value in item.items())


def swollen_finding(text):
    span = Span(location=text, start=0, end=1)
    evidence = Evidence(
        object=text, line=1, request_id=text, location=text, spans=(span,) * 500, excerpt=text, text_hash=text
    )
    names = "clause account region principal policy_version engine_version detector domain use_case model_id end_user"
    texts = dict.fromkeys((*names.split(), "title", "language", "suppressed_by"), text)
    change = Change(at=minutes(1), actor=text, status=Status.OPEN, reason=text)
    return a_finding(evidence=evidence, explanation=(text,) * 500, history=(change,) * 500, **texts)


def swollen_occurrence(finding, text):
    texts = dict.fromkeys(("identity", "object", "model_id", "session", "end_user", "suppressed_by"), text)
    return an_occurrence(finding, **texts)


@pytest.mark.parametrize("text", SWELLING.values(), ids=SWELLING)
def test_every_item_stays_below_the_limit_of_a_table(text):
    finding = bounded_history(bounded(swollen_finding(text)))
    occurrence = bounded(swollen_occurrence(finding, text))
    usage = bounded(used(principal=text, object=text, end_user=text, model_id=text))
    counts = {f"{number}{text}": number for number in range(1000)}
    row = bounded(a_row(text, coverage=Coverage(gaps=counts, unknown_shapes=counts, languages=counts)))

    items = {
        "finding": finding_item(Kept(finding=finding, face="2026-11-23|req-1"), changed="new"),
        "occurrence": occurrence_item(occurrence),
        "usage": usage_item(usage, retention=None),
        "row": row_item(row, retention=None),
    }

    assert {name: size for name, item in items.items() if (size := item_size(item)) >= ITEM_LIMIT} == {}
    assert item_size(items["occurrence"]) < 20_000, "ninety of them go into one transaction of 4 MB"


@pytest.mark.parametrize("text", SWELLING.values(), ids=SWELLING)
def test_a_swollen_finding_is_stored_counted_and_found(stores, text):
    finding = swollen_finding(text)
    observation = Observation(finding=finding, occurrence=swollen_occurrence(finding, text))

    stores.findings.record(observation)
    stores.findings.record(observation)

    (stored,) = stores.findings.query(FindingQuery())
    assert stored.occurrences == 1
    assert stored.principal.endswith(CUT)
    assert len(stored.evidence.spans) == MOST_ITEMS
    assert len(list(stores.findings.occurrences(finding.id))) == 1


def test_the_largest_use_case_that_is_taken_stays_below_the_limit_of_a_table():
    name = "x" + "\x01" * 255
    approval = Approval(name, NOON.date(), NOON.date(), ended_at=NOON)
    long, longer = ("🛑" * 200,) * 100, ("🛑" * 500,) * 100
    terms = a_use_case(approver=name, purpose="x" + "\x01" * 1999, models=longer, regions=long)
    kept = msgspec.structs.replace(
        terms, earlier_approvals=(approval,) * MOST_APPROVALS, changed_by=name, change_reason="\x01" * 1000
    )

    assert list(faults(terms, today=NOON.date())) == []
    assert 320_000 < len(msgspec.json.encode(kept)) < ITEM_LIMIT


def test_what_is_small_is_left_alone():
    observation = seen(principal=ROLE_ARN, explanation=("The system prompt says so.",) * MOST_ITEMS)

    assert bounded(observation) is observation


def test_a_cut_text_shows_that_it_was_cut():
    assert cut("short", 100) == "short"
    assert cut("é" * 100, 50) == "é" * 23 + CUT
    assert cut("half a \ud83d pair", 100) == "half a ? pair"


@pytest.mark.parametrize("length", range(LONGEST_TEXT - 4, LONGEST_TEXT + 4))
def test_a_text_is_cut_at_exactly_its_limit(length):
    kept = cut("x" * length, LONGEST_TEXT)

    assert len(msgspec.json.encode(kept)) - 2 <= LONGEST_TEXT
    assert kept.endswith(CUT) == (length > LONGEST_TEXT)


def test_rare_counts_are_added_up():
    row = bounded(a_row(coverage=Coverage(unknown_shapes={f"model-{number:03d}": 1 for number in range(100)})))

    assert row.coverage.unknown_shapes[CUT] == 60
    assert sum(row.coverage.unknown_shapes.values()) == 100


def test_a_long_life_keeps_its_first_step():
    changes = tuple(Change(at=minutes(n), actor="ann", status=Status.OPEN, reason=str(n)) for n in range(150))

    history = bounded_history(a_finding(history=changes)).history

    assert [change.reason for change in history[:2]] == ["0", "51"]
    assert len(history) == MOST_CHANGES
