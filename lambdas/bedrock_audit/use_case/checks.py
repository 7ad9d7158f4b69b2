"""Finds what is absurd in a use case though each of its fields is well-formed; says at which key, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from bedrock_audit.record import Value
from bedrock_audit.use_case.callers import caller, callers
from bedrock_audit.use_case.terms import Terms, UseCaseStatus, is_same_person

CLOCK_SKEW = timedelta(days=1)
"""How far ahead a date may be: somewhere it is already tomorrow."""

LARGEST = 300_000
"""Bytes as JSON: with twenty earlier approvals still below the 400 KB of an item of a table."""

MOST_WILDCARDS = 20

EARLIEST = date(2000, 1, 1)
LONGEST_APPROVAL = timedelta(days=3653)
"""Ten years; what is approved for longer is not looked at again."""

_PRINCIPAL = re.compile(r"arn:|role/|user/|\*$")
_SESSION = re.compile(r"assumed-role/[^/]*/(?!\*$)")
_ACCOUNT = re.compile(r"\d{12}$|\*$", re.ASCII)
_SAY_ANY = "matches every caller; name them, or say `any: true` under `who` if everybody is meant"


class Fault(Value, frozen=True):
    """Something absurd: `path` leads to the key within the use case."""

    path: tuple[str | int, ...]
    message: str


def faults(terms: Terms, *, today: date) -> Iterator[Fault]:
    """Everything absurd about the use case, most telling first."""
    for check in (_size, _words, _domains, _patterns, _who, _principals, _accounts, _profiles, _approval, _dates):
        yield from check(terms, today)


def _size(terms: Terms, _today: date) -> Iterator[Fault]:
    if len(msgspec.json.encode(terms)) > LARGEST:
        yield Fault((), f"this use case is larger than {LARGEST:,} bytes; name its callers and models by patterns")


def _words(terms: Terms, _today: date) -> Iterator[Fault]:
    risk, oversight, testing = terms.risk_evaluation, terms.human_oversight, terms.testing
    said = {
        ("purpose",): terms.purpose,
        ("owner",): terms.owner,
        ("approver",): terms.approver,
        ("risk_evaluation", "reference"): risk and risk.reference,
        ("risk_evaluation", "by"): risk and risk.by,
        ("human_oversight", "description"): oversight and oversight.description,
        ("testing", "reference"): testing and testing.reference,
    }
    for path, words in said.items():
        if words and not any(char.isprintable() and not char.isspace() for char in words):
            yield Fault(path, "says nothing")


def _domains(terms: Terms, _today: date) -> Iterator[Fault]:
    for index, domain in enumerate(terms.domains):
        if domain in terms.domains[:index]:
            yield Fault(("domains", index), f"{domain} is there twice")


def _patterns(terms: Terms, _today: date) -> Iterator[Fault]:
    who = terms.who
    given: dict[tuple[str, ...], tuple[str, ...]] = {
        ("who", "principals"): who.principals,
        ("who", "accounts"): who.accounts,
        ("who", "inference_profiles"): who.inference_profiles,
        ("models",): terms.models,
        ("regions",): terms.regions,
    }
    for path, patterns in given.items():
        for index, pattern in enumerate(patterns):
            if sum(map(pattern.count, "*?")) > MOST_WILDCARDS:
                yield Fault((*path, index), f"has over {MOST_WILDCARDS} wildcards; name what is meant")


def _who(terms: Terms, _today: date) -> Iterator[Fault]:
    who = terms.who
    if not (who.principals or who.accounts or who.inference_profiles or who.metadata or who.any):
        yield Fault(("who",), "names nobody; give principals, accounts, inference_profiles or metadata")
    elif not callers(who):
        yield Fault(("who", "accounts"), "none of the principals is in one of these accounts, so no call can match")


def _principals(terms: Terms, _today: date) -> Iterator[Fault]:
    for index, pattern in enumerate(terms.who.principals):
        path = ("who", "principals", index)
        if not _PRINCIPAL.match(pattern):
            yield Fault(path, f"{pattern!r} is no principal; write role/NAME, user/NAME or the whole ARN")
        elif _SESSION.search(pattern):
            yield Fault(path, "session names are the caller's own choice; name the role alone")
        elif caller(pattern).is_broad and not terms.who.any:
            yield Fault(path, f"{pattern!r} {_SAY_ANY} (the path of a role is not in the log, only its name is)")


def _accounts(terms: Terms, _today: date) -> Iterator[Fault]:
    for index, account in enumerate(terms.who.accounts):
        path = ("who", "accounts", index)
        if not _ACCOUNT.match(account):
            yield Fault(path, f"{account!r} is no account; an account has 12 digits")
        elif account == "*" and not terms.who.any:
            yield Fault(path, f"'*' {_SAY_ANY}")


def _profiles(terms: Terms, _today: date) -> Iterator[Fault]:
    for index, pattern in enumerate(terms.who.inference_profiles):
        if not pattern.rpartition("/")[2].strip("*?") and not terms.who.any:
            yield Fault(("who", "inference_profiles", index), f"{pattern!r} {_SAY_ANY}")


def _approval(terms: Terms, _today: date) -> Iterator[Fault]:
    if terms.approver and is_same_person(terms.approver, terms.owner):
        yield Fault(("approver",), "the owner cannot approve their own use case")
    if terms.status is UseCaseStatus.APPROVED:
        given = {"approver": terms.approver, "approved_at": terms.approved_at, "expires_at": terms.expires_at}
        missing = [name for name, value in given.items() if not value]
        if missing:
            said = next((name for name, value in given.items() if value and name != "expires_at"), "status")
            yield Fault((said,), f"an approval needs {' and '.join(missing)} too")
    if terms.approved_at and terms.expires_at and (message := wrong_end(terms.approved_at, terms.expires_at)):
        yield Fault(("expires_at",), message)


def wrong_end(begin: date, end: date) -> str:
    """What is wrong with an approval that lasts from `begin` to `end`; empty if nothing is."""
    if end < begin:
        return f"{end} is before the approval of {begin}"
    if end - begin > LONGEST_APPROVAL:
        years = LONGEST_APPROVAL.days // 365
        return f"{end} is over {years} years after the approval of {begin}; an approval is to be renewed before that"
    return ""


def _dates(terms: Terms, today: date) -> Iterator[Fault]:
    done = {
        ("approved_at",): terms.approved_at,
        ("risk_evaluation", "date"): terms.risk_evaluation and terms.risk_evaluation.date,
        ("testing", "date"): terms.testing and terms.testing.date,
    }
    for path, day in done.items():
        if day and day > today + CLOCK_SKEW:
            yield Fault(path, f"{day} has not come yet (today is {today})")
        elif day and day < EARLIEST:
            yield Fault(path, f"{day} is long past; is the year right?")
