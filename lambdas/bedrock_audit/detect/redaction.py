"""Takes secrets and personal data out of a short text; knows their shapes, and checks their check digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bedrock_audit.record import Value

Check = Callable[[str], bool]


class Redacted(Value, frozen=True):
    """Characters `start` to `end` of a text that must not be shown, and what they are."""

    start: int
    end: int
    what: str


def redactions(text: str) -> list[Redacted]:
    """Everything in the (short) text that must not be shown, in order and apart."""
    found = sorted(_found(text), key=lambda one: (one.start, -one.end))
    kept: list[Redacted] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _found(text: str) -> Iterator[Redacted]:
    for what, pattern, check in _SHAPES:
        for match in pattern.finditer(text):
            if check(match.group()):
                yield Redacted(start=match.start(), end=match.end(), what=what)


def _always(_: str) -> bool:
    return True


def luhn(shown: str) -> bool:
    """Whether the digits are a payment card's: 13 to 19, with Luhn's check digit, not all the same."""
    digits = [int(character) for character in shown if character.isdigit()]
    doubled = [digit if place % 2 == 0 else digit * 2 - 9 * (digit > 4) for place, digit in enumerate(reversed(digits))]
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and sum(doubled) % 10 == 0


def iban(shown: str) -> bool:
    """Whether the characters are an IBAN: ISO 13616's remainder of 97 is 1."""
    plain = re.sub(r"\s", "", shown).upper()
    turned = plain[4:] + plain[:4]
    return 15 <= len(plain) <= 34 and int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def _phone(shown: str) -> bool:
    digits = sum(character.isdigit() for character in shown)
    return 8 <= digits <= 15 and (shown.lstrip("(").startswith("+") or digits >= 9)


def _token(shown: str) -> bool:
    """Long and mixed as only made-up strings are: digits, capitals and small letters, or a long hexadecimal number."""
    kinds = sum(bool(re.search(kind, shown)) for kind in ("[0-9]", "[a-z]", "[A-Z]"))
    return kinds == 3 or (len(shown) >= 32 and re.fullmatch("[0-9a-fA-F]+", shown) is not None)


def _assigned(shown: str) -> bool:
    return re.search(r"[:=]|\bis\b|\d", shown) is not None


_SECRETIVE = r"(?:password|passwd|pwd|passphrase|secret|api[_ -]?key|access[_ -]?token|bearer)"
_ISSUERS = r"(?:gh[pousr]_|github_pat_|xox[abprs]-|sk-|[prs]k_live_|glpat-|AIza|hf_|npm_)"
_BYTE = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_DIALLED = r"(?:\+\d{1,3}[ .-]?)?(?:\(\d{1,5}\)[ .-]?)?\d{2,5}(?:[ .-]\d{2,8}){1,5}"
_SHAPES: tuple[tuple[str, re.Pattern[str], Check], ...] = (
    ("private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*-----|\Z)"), _always),
    ("e-mail", re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"), _always),
    ("AWS key", re.compile(r"\b(?:AKIA|ASIA|AIDA|AROA|ABIA|ACCA)[A-Z0-9]{16}\b"), _always),
    ("token", re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"), _always),
    ("token", re.compile(rf"\b{_ISSUERS}[\w-]{{8,}}"), _always),
    (
        "secret",
        re.compile(rf"(?i)\b{_SECRETIVE}\b[\"']?\s{{0,2}}(?:is|[:=])?\s{{0,2}}[\"']?[^\s\"',;]{{4,}}"),
        _assigned,
    ),
    ("IBAN", re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}\b"), iban),
    ("card", re.compile(r"\b\d(?:[ -]?\d){12,18}\b"), luhn),
    ("social security number", re.compile(r"\b(?!000|666|9\d\d)\d{3}[- ](?!00)\d{2}[- ](?!0000)\d{4}\b"), _always),
    ("phone number", re.compile(rf"(?<![\w.]){_DIALLED}(?![\w.]*\w)"), _phone),
    ("phone number", re.compile(r"(?<!\w)\+\d{8,15}\b"), _always),
    ("IP address", re.compile(rf"\b(?:{_BYTE}\.){{3}}{_BYTE}\b"), _always),
    ("token", re.compile(r"\b[A-Za-z0-9_-]{24,}\b"), _token),
)
