"""Takes secrets and personal data out of a short text; knows their shapes, and checks their check digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bedrock_audit.record import Value

Check = Callable[[str], bool]

_IP6_COLONS = 7
_DNI_LETTERS = str.maketrans("XYZ", "012")
_DAY = re.compile(r"(?:19|20)\d\d-[01]\d-[0-3]\d\b")


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
    if _DAY.match(shown):
        return False
    return 8 <= digits <= 15 and (shown.lstrip("(").startswith("+") or digits >= 9)


def _token(shown: str) -> bool:
    """Long and mixed as only made-up strings are: digits, capitals and small letters, or a long hexadecimal number."""
    kinds = sum(bool(re.search(kind, shown)) for kind in ("[0-9]", "[a-z]", "[A-Z]"))
    return kinds == 3 or (len(shown) >= 32 and re.fullmatch("[0-9a-fA-F]+", shown) is not None)


def _made_up(shown: str) -> bool:
    """With a digit in it: what an issuer's beginning and plain letters make may be any word."""
    return re.search(r"\d", shown) is not None


def dni(shown: str) -> bool:
    """Whether the letter at the end is the one of a Spanish identity number."""
    digits = shown[:-1].translate(_DNI_LETTERS)
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23] == shown[-1]


def _ip6(shown: str) -> bool:
    """An address in eight groups, or in fewer with `::`; a time of day has neither."""
    return "::" in shown or shown.count(":") == _IP6_COLONS


def _assigned(shown: str) -> bool:
    return re.search(r"[:=]|\bis\b|\d", shown) is not None


_SECRETIVE = (
    r"(?:password|passwd|pwd|passphrase|passcode|secret|api[_ -]?key|access[_ -]?token|access[_ -]?key|account[_ -]?key"
    r"|private[_ -]?key|auth[_ -]?token|client[_ -]?secret|bearer|passwort|kennwort|mot de passe|contraseña|senha"
    r"|密码|口令|パスワード)"
)
_NUMBERED = (
    r"(?:passport|driver'?s licen[cs]e|identity card|national insurance|national id|tax id|taxpayer"
    r"|social security|ssn|steuer-?id|personalausweis|medical record|mrn|patient id|nhs)"
)
_BORN = r"(?:born|dob|date of birth|birth ?date|birthday|geboren|née?|nacid[oa]|nascid[oa])"
_STREET = (
    r"(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|terrace|court|square|place|way|close|crescent)"
)
_TOWN = r"(?:, [A-Z][\w-]+){0,2}(?: [A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2}| [A-Z]{2} \d{5})?"
_ISSUERS = (
    r"(?:gh[pousr]_|github_pat_|xox[abeprs]-|sk-|[prs]k_(?:live|test)_|glpat-|AIza|ya29\.|hf_|npm_|pypi-|SG\.|dop_v1_)"
)
_BYTE = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_DIALLED = r"(?:\+\d{1,3}[ .-]?)?(?:\(\d{1,5}\)[ .-]?)?\d{2,5}(?:[ .-]\d{2,8}){1,5}"
_SHAPES: tuple[tuple[str, re.Pattern[str], Check], ...] = (
    ("private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*-----|\Z)"), _always),
    ("secret", re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@]{1,64}:[^\s/@]{1,64}@"), _always),
    ("secret", re.compile(r"\bhooks\.slack\.com/\S+|\bssh-(?:rsa|ed25519) \S+"), _always),
    ("e-mail", re.compile(r"[\w.+%-]{1,64}(?:@| ?[\[(](?:at|@)[\])] ?)[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"), _always),
    ("AWS key", re.compile(r"\b(?:AKIA|ASIA|AIDA|AROA|ABIA|ACCA)[A-Z0-9]{16}\b"), _always),
    ("token", re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"), _always),
    ("token", re.compile(rf"\b{_ISSUERS}[\w.-]{{8,}}"), _made_up),
    (
        "secret",
        re.compile(rf"(?i)(?<![^\W_]){_SECRETIVE}(?![^\W_])[\"']?\s{{0,2}}(?:is|[:=])?\s{{0,2}}[\"']?[^\s\"',;]{{4,}}"),
        _assigned,
    ),
    ("IBAN", re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}\b|\b[a-z]{2}\d{2}[a-z0-9]{11,30}\b"), iban),
    ("card", re.compile(r"\b\d(?:[ .-]?\d){12,18}\b"), luhn),
    ("social security number", re.compile(r"\b(?!000|666|9\d\d)\d{3}[- ](?!00)\d{2}[- ](?!0000)\d{4}\b"), _always),
    (
        "identity number",
        re.compile(rf"(?i)\b{_NUMBERED}(?: (?:no|nr|number|#))?\.?[:#]? ?(?=[A-Z]*\d)[A-Z0-9-]{{6,16}}\b"),
        _always,
    ),
    ("identity number", re.compile(r"\b[A-CEGHJ-PR-TW-Z][A-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b"), _always),
    ("identity number", re.compile(r"\b(?:\d{8}|[XYZ]\d{7})[A-HJ-NP-TV-Z]\b"), dni),
    ("identity number", re.compile(r"\b[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]\b"), _always),
    ("identity number", re.compile(r"\b[1-9]\d{5}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dXx]\b"), _always),
    (
        "date of birth",
        re.compile(rf"(?i)\b{_BORN}(?: on| am| le| el| em)?:? ?\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}\b"),
        _always,
    ),
    (
        "address",
        re.compile(rf"\b\d{{1,5}}[a-z]? (?:[A-Z][\w'-]+ ){{1,3}}(?i:{_STREET})\b{_TOWN}"),
        _always,
    ),
    (
        "address",
        re.compile(r"\b[A-ZÄÖÜ][\w-]*(?:straße|strasse|str\.|weg|platz|allee|gasse) ?\d{1,4}[a-z]?\b(?:, \d{5} \w+)?"),
        _always,
    ),
    (
        "address",
        re.compile(
            r"\b\d{1,4},? (?:bis |ter )?(?:rue|avenue|boulevard|chemin|place|impasse) [\w' -]{2,40}(?:, \d{5} \w+)?"
        ),
        _always,
    ),
    ("phone number", re.compile(rf"(?<![\w.]){_DIALLED}(?![\w.]*\w)"), _phone),
    ("phone number", re.compile(r"(?<!\w)(?:\+\d{8,15}|1[3-9]\d{9})\b"), _always),
    ("IP address", re.compile(rf"\b(?:{_BYTE}\.){{3}}{_BYTE}\b"), _always),
    ("IP address", re.compile(r"(?<![\w:])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{1,4}(?![\w:])"), _ip6),
    ("hardware address", re.compile(r"\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b"), _always),
    ("token", re.compile(r"(?<![\w/+=-])(?:[A-Za-z0-9/+]{40}|[A-Za-z0-9/+]{24,}={1,2})(?![\w/+=-])"), _token),
    ("token", re.compile(r"\b(?:AC|SK)[0-9a-f]{32}\b|\b[Bb]asic [A-Za-z0-9+/]{12,}={0,2}"), _made_up),
    ("token", re.compile(r"\b[A-Za-z0-9_-]{24,}\b"), _token),
)
