"""What docs/alerts.md shows, made by the program itself; `python -m tests.alerts.examples` writes it into the page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from bedrock_audit.alerts import amazon_q, digest, email, machine, slack
from bedrock_audit.alerts.alert import Alert, Cause, alert
from bedrock_audit.alerts.daily import daily
from bedrock_audit.alerts.digest import Kind
from bedrock_audit.alerts.dispatch import dispatch
from bedrock_audit.alerts.rounds import send_repeats
from bedrock_audit.alerts.routing import Routes
from bedrock_audit.coverage import Coverage, LedgerRow
from bedrock_audit.finding import (
    Attribution,
    Disposition,
    Evidence,
    Finding,
    Observation,
    Origin,
    Severity,
    Verdict,
)
from tests.alerts.fakes import FakeAlertLog, FakeChannel
from tests.builders import NOON, a_finding, a_use_case, an_occurrence
from tests.fakes import FakeStores, FakeUseCases

PAGE = Path(__file__).parents[2] / "docs/alerts.md"
BLOCK = re.compile(r"(<!-- example: (?P<name>[\w -]+) -->\n```\w*\n)(?P<shown>.*?)(```)", re.DOTALL)
REACH = " --aws --region eu-central-1"
HOUR = timedelta(hours=1)
MANY = 10_000
LENDING = Finding(
    id="u-5d0c1a9e77b24f6a8c13",
    verdict=Verdict.UNAPPROVED_USE,
    clause="consequential-decision",
    domain="lending",
    severity=Severity.HIGH,
    title="Unapproved use: lending by role/helpdesk",
    account="111122223333",
    region="eu-central-1",
    principal="arn:aws:iam::111122223333:role/helpdesk",
    attribution=Attribution.VERIFIED,
    first_seen=NOON,
    last_seen=NOON,
    occurrences=1,
    disposition=Disposition.COMPLIED,
    explanation=(
        "The user's text asks for a decision on a person's credit.",
        "loan-desk: the caller is role/helpdesk, it names role/credit-memo.",
    ),
    evidence=Evidence(
        object="s3://logs/AWSLogs/111122223333/BedrockModelInvocationLogs/eu-central-1/2026/11/23/12/a.json.gz",
        line=17,
        request_id="3f6f0c6e-5d0e-4b53-9c1e-0c8f2f6f7a11",
        location="/input/inputBodyJson/messages/0/content/0/text",
    ),
    model_id="anthropic.claude-sonnet-4-5-v1:0",
    policy_version="2023-09-28+eaf5aa8bed0c",
    engine_version="0.1.0",
    detector="clause",
    score=0.93,
)
ONE = alert(LENDING, reach=REACH)


class Told:
    """What one channel was told by a flood of findings, and the digest after each hour of it."""

    def __init__(self, flood: Iterator[Alert], *, hours: int = 1) -> None:
        self.channel, self.log = FakeChannel("topic"), FakeAlertLog()
        self.log.note_told("topic", until=NOON)
        told = list(flood)
        for number, each in enumerate(told):
            now = NOON + HOUR * (number * hours // len(told))
            dispatch(each, Routes(), channels=[self.channel], log=self.log, now=now)
        for hour in range(hours):
            send_repeats([self.channel], log=self.log, until=NOON + HOUR * (hour + 1), reach=REACH)

    def row(self) -> tuple[int, int, int]:
        """Alerts, storm warnings and digests."""
        kinds = [one.kind for one in self.channel.digests]
        return len(self.channel.pages), kinds.count(Kind.STORM), kinds.count(Kind.REPEATS)


def _flood(made: Callable[[int], Finding], **more: Any) -> Iterator[Alert]:
    return (alert(made(number), **{"added": 1, "reach": REACH, **more}) for number in range(MANY))


def _numbered(number: int, **more: Any) -> Finding:
    return replace(LENDING, id=f"u-{number:020x}", **more)


def _by(number: int, callers: int) -> Finding:
    return _numbered(number, principal=f"arn:aws:iam::111122223333:role/app-{number % callers:04}")


def _of(number: int) -> Finding:
    return _numbered(number, verdict=Verdict.VIOLATION, domain=None, clause=f"clause-{number % 8}")


FLOODS: dict[str, Callable[[], Told]] = {
    "10,000 findings of one kind by one caller": lambda: Told(_flood(_numbered)),
    "the same, over three hours": lambda: Told(_flood(_numbered), hours=3),
    "10,000 findings of 8 clauses by one caller": lambda: Told(_flood(_of)),
    "10,000 findings by 500 callers": lambda: Told(_flood(lambda number: _by(number, 500))),
    "one finding that comes up 10,000 times": lambda: Told(
        (
            replace(one, cause=Cause.REPEATED if number else Cause.NEW)
            for number, one in enumerate(_flood(lambda _: LENDING))
        )
    ),
    "a backfill that makes 10,000 findings": lambda: Told(
        _flood(lambda number: _numbered(number, origin=Origin.BACKFILL))
    ),
}


def examples() -> dict[str, str]:
    """The text of every example by its name."""
    many = Told(_flood(lambda number: _by(number, 500)))
    return {
        "e-mail": f"Subject: {email.subject(ONE)}\n\n{email.body(ONE)}",
        "text message": email.short(ONE) + "\n",
        "machine": _json(machine.alert_message(ONE)),
        "attributes": _json(machine.alert_attributes(ONE)),
        "chat": "\n".join(_texts(slack.alert_message(ONE)["blocks"])) + "\n",
        "amazon q": _json(amazon_q.alert_message(ONE)),
        "floods": _table(),
        "storm": digest.text(many.channel.digests[0]),
        "digest": digest.text(many.channel.digests[1]),
        "digest of one caller": digest.text(Told(_flood(_numbered)).channel.digests[0]),
        "daily": _daily(),
    }


def _json(message: Any) -> str:
    return json.dumps(json.loads(machine.text(message)), indent=2, ensure_ascii=False) + "\n"


def _texts(blocks: Any) -> Iterator[str]:
    """What a chat shows of its blocks, in their order."""
    if isinstance(blocks, dict) and blocks.get("type") == "plain_text":
        yield blocks["text"]
    elif isinstance(blocks, list | dict):
        for inner in blocks.values() if isinstance(blocks, dict) else blocks:
            yield from _texts(inner)


def _table() -> str:
    head = f"{'on each channel':<44}{'alerts':>8}{'storm':>8}{'digests':>9}\n"
    rows = ((name, *made().row()) for name, made in FLOODS.items())
    return head + "".join(f"{name:<44}{alerts:>8}{storms:>8}{digests:>9}\n" for name, alerts, storms, digests in rows)


def _daily() -> str:
    stores = FakeStores(use_cases=FakeUseCases(a_use_case("loan-desk", expires_at=NOON.date() + timedelta(days=12))))
    found = (LENDING, a_finding(id="v-1", severity=Severity.CRITICAL), a_finding(id="v-2", suppressed_by="s-1"))
    for finding in found:
        stores.findings.record(Observation(finding, an_occurrence(finding)))
    seen = Coverage(records=48_210, audited=48_190, unreadable=2, unscanned=18, gaps={"too-large": 18, "cut-off": 2})
    stores.ledger.save(
        LedgerRow(key="s3://logs/a", etag="1", engine_version="0", policy_version="0", audited_at=NOON, coverage=seen)
    )
    remark = "Does not get alerts: email ana@example.com (UNCONFIRMED)"
    return digest.text(daily(stores, day=NOON.date(), remarks=[remark], reach=REACH))


def written(page: str) -> str:
    """The page with every example as the program makes it."""
    made = examples()
    return BLOCK.sub(lambda found: found[1] + made[found["name"]] + found[4], page)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
