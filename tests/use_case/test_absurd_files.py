"""Files that are valid YAML and absurd: each is refused with its file, line and key, and says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from bedrock_audit.errors import ConfigurationError
from bedrock_audit.use_case.files import UseCasesRefusedError, load
from tests.builders import NOON

COMPLETE = Path(__file__).with_name("complete.yaml").read_text(encoding="utf-8")

ABSURD = [
    pytest.param(
        "id: loan-desk", "id: Loan Desk", ("2: id: ", "small letters, digits and hyphens"), id="an id with blanks"
    ),
    pytest.param("id: loan-desk", "idd: loan-desk", ("2: idd: ", "did you mean id?"), id="unknown key"),
    pytest.param(
        "attribution: verified",
        "atribution: verified",
        ("22: safeguards.atribution: ", "did you mean attribution?"),
        id="unknown safeguard",
    ),
    pytest.param("[lending]", "[lendign]", ("5: domains[0]: ", "did you mean lending?"), id="unknown domain"),
    pytest.param("[lending]", "[]", ("5: domains: ", "length >= 1"), id="no domain"),
    pytest.param("[lending]", "lending", ("5: domains: ", "expected a list"), id="a domain that is no list"),
    pytest.param(
        "purpose: Draft credit memos for loan officers", "purpose: ''", ("3: purpose: ", "length >= 1"), id="no purpose"
    ),
    pytest.param("    owner: lending@example.com\n", "", ("2: ", "the key owner is missing"), id="no owner"),
    pytest.param(
        "[role/credit-memo]", "[credit-memo]", ("7: who.principals[0]: ", "write role/NAME"), id="a name alone"
    ),
    pytest.param("[role/credit-memo]", "['*']", ("7: who.principals[0]: ", "matches every caller"), id="star"),
    pytest.param(
        "[role/credit-memo]", "[role/x, role/**]", ("7: who.principals[1]: ", "matches every caller"), id="every role"
    ),
    pytest.param(
        "[role/credit-memo]", "['arn:aws:iam::*:role/*']", ("7: who.principals[0]: ", "matches every"), id="every ARN"
    ),
    pytest.param(
        "[role/credit-memo]",
        "['arn:aws:iam::012345678901:role/team/*']",
        ("7: who.principals[0]: ", "path of a role is not in the log"),
        id="every role of a path",
    ),
    pytest.param(
        "[role/credit-memo]",
        "['arn:aws:iam::012345678901:*']",
        ("7: who.principals[0]: ", "matches every"),
        id="everything in an account",
    ),
    pytest.param(
        "[role/credit-memo]",
        "['arn:aws:sts::012345678901:assumed-role/x/ann']",
        ("7: who.principals[0]: ", "caller's own choice"),
        id="a session",
    ),
    pytest.param(
        "[role/credit-memo]",
        "['arn:aws:iam::999999999999:role/x']",
        ("8: who.accounts: ", "no call can match"),
        id="account and ARN exclude each other",
    ),
    pytest.param("[012345678901]", "[12345]", ("8: who.accounts[0]: ", "12 digits"), id="short account"),
    pytest.param("[012345678901]", "['*']", ("8: who.accounts[0]: ", "matches every caller"), id="every account"),
    pytest.param("[a1b2c3]", "['*']", ("9: who.inference_profiles[0]: ", "matches every caller"), id="every profile"),
    pytest.param("date: 2026-02-01", "date: 2026-13-01", ("14: risk_evaluation.date: ", "is no date"), id="month 13"),
    pytest.param(
        "date: 2026-02-01",
        "date: 2027-02-01",
        ("14: risk_evaluation.date: ", "has not come yet"),
        id="evaluated next year",
    ),
    pytest.param(", by: risk office", "", ("14: risk_evaluation: ", "the key by is missing"), id="evaluated by nobody"),
    pytest.param(
        "within_hours: 24",
        "within_hours: 0",
        ("17: human_oversight.human_review.within_hours: ", ">= 1"),
        id="review within no time",
    ),
    pytest.param(
        "{required: true, within_hours: 24}",
        "soon",
        ("17: human_oversight.human_review: ", "write it like `required within 24h`"),
        id="review soon",
    ),
    pytest.param(
        "date: 2026-02-14",
        "date: 2026-11-25",
        ("18: testing.date: ", "has not come yet"),
        id="tested the day after tomorrow",
    ),
    pytest.param(
        "max_daily_decisions: 200",
        "max_daily_decisions: -1",
        ("21: safeguards.max_daily_decisions: ", ">= 1"),
        id="fewer than no decisions",
    ),
    pytest.param(
        "approver: board@",
        "approver: LENDING@",
        ("24: approver: ", "owner cannot approve"),
        id="owner and approver are one",
    ),
    pytest.param(
        "approver: board@example.com",
        "approver: The Desk <lending@example.com>",
        ("24: approver: ", "owner cannot approve"),
        id="owner and approver have one address",
    ),
    pytest.param(
        "approver: board@example.com", "approver: ' '", ("24: approver: ", "says nothing"), id="approver blank"
    ),
    pytest.param(
        "purpose: Draft credit memos for loan officers", "purpose: '  '", ("3: purpose: ", "says nothing"), id="blank"
    ),
    pytest.param(
        "approved_at: 2026-03-01",
        "approved_at: 2026-12-24",
        ("25: approved_at: ", "has not come yet"),
        id="approved next month",
    ),
    pytest.param(
        "expires_at: 2027-02-28",
        "expires_at: 2026-02-28",
        ("26: expires_at: ", "before the approval"),
        id="expiry before approval",
    ),
    pytest.param(
        "    approved_at: 2026-03-01\n", "", ("24: approver: ", "needs approved_at"), id="approved at no time"
    ),
    pytest.param(
        "    expires_at: 2027-02-28\n", "", ("24: approver: ", "needs expires_at"), id="approved without an end"
    ),
    pytest.param(
        "review_interval: 180",
        "review_interval: often",
        ("27: review_interval: ", "write it like `180 days`"),
        id="reviewed often",
    ),
    pytest.param(
        "[role/credit-memo]",
        "[" + ", ".join(f'"role/{number:03d}' + r"\x01" * 500 + '"' for number in range(100)) + "]",
        ("2: ", "larger than 300,000 bytes"),
        id="larger than a table takes",
    ),
    pytest.param("owner: lending@", f"owner: {'x' * 300}@", ("4: owner: ", "length <= 256"), id="an endless owner"),
    pytest.param(
        '["anthropic.claude-*"]', f"['{'*a' * 30}']", ("11: models[0]: ", "over 20 wildcards"), id="nothing but stars"
    ),
    pytest.param("[lending]", "[lending, lending]", ("5: domains[1]: ", "there twice"), id="a domain twice"),
    pytest.param(
        "within_hours: 24",
        "within_hours: 99999999999",
        ("17: human_oversight.human_review.within_hours: ", "<= 8784"),
        id="review within ages",
    ),
    pytest.param(
        "max_daily_decisions: 200",
        "max_daily_decisions: 99999999999999999999",
        ("21: safeguards.max_daily_decisions: ", "<= 1000000000"),
        id="more decisions than people",
    ),
    pytest.param(
        "review_interval: 180",
        "review_interval: 99999999999",
        ("27: review_interval: ", "<= 3660"),
        id="never reviewed",
    ),
    pytest.param(
        "expires_at: 2027-02-28",
        "expires_at: 9999-12-31",
        ("26: expires_at: ", "over 10 years after the approval"),
        id="approved for ever",
    ),
    pytest.param(
        "date: 2026-02-01", "date: 1026-02-01", ("14: risk_evaluation.date: ", "is the year right?"), id="year 1026"
    ),
    pytest.param(
        "purpose: Draft credit memos for loan officers",
        r'purpose: "\0\u200b"',
        ("3: purpose: ", "says nothing"),
        id="nothing but invisible signs",
    ),
    pytest.param("review_interval: 180", "version: 7", ("27: version: ", "no such key"), id="a version of one's own"),
    pytest.param(
        "review_interval: 180", "status: aproved", ("27: status: ", "did you mean approved?"), id="unknown status"
    ),
    pytest.param("use_cases:\n", "owner: x\nuse_cases:\n", ("1: owner: ", "no such key"), id="a key beside the list"),
]


@pytest.mark.parametrize(("before", "after", "refusal"), ABSURD)
def test_an_absurd_file_is_refused_with_its_line(tmp_path, before, after, refusal):
    path = tmp_path / "cases.yaml"
    assert COMPLETE.count(before) == 1
    path.write_text(COMPLETE.replace(before, after), encoding="utf-8")

    with pytest.raises(ConfigurationError) as refused:
        load(path, today=NOON.date())

    place, message = refusal
    assert str(refused.value).startswith(f"{path}:{place}")
    assert message in refused.value.message


def test_everything_wrong_is_told_at_once_each_with_its_place(tmp_path):
    (tmp_path / "a.yaml").write_text(COMPLETE.replace("approver: board@", "approver: lending@"), encoding="utf-8")
    twice = COMPLETE.replace("date: 2026-02-14", "date: 2030-01-01").replace("expires_at: 2027", "expires_at: 2025")
    (tmp_path / "b.yaml").write_text(twice.replace("id: loan-desk", "id: other-desk"), encoding="utf-8")
    (tmp_path / "c.yaml").write_text("id: [broken", encoding="utf-8")

    with pytest.raises(UseCasesRefusedError) as refused:
        load(tmp_path, today=NOON.date())

    places = [str(one).removeprefix(f"{tmp_path}/").partition(": ")[0] for one in refused.value.refusals]
    assert places == ["a.yaml:24", "b.yaml:26", "b.yaml:18", "c.yaml:1"]
    assert str(refused.value).endswith("(and 3 more)")
