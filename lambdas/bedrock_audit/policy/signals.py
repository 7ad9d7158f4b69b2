"""Compiles signals: phrases and regular expressions to patterns, the contexts that excuse them to references."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import re2

from bedrock_audit.located import Located, Path, nearest
from bedrock_audit.policy.clause import Excuse, Signal
from bedrock_audit.policy.compiled import BuiltIn, Excusing, Extent, Pattern, Reach, Seeing
from bedrock_audit.policy.needs import needs
from bedrock_audit.policy.phrase import Lists, Phrase, PhraseError, phrase
from bedrock_audit.policy.phrase_pattern import exact
from bedrock_audit.policy.regex_needs import regex_needs
from bedrock_audit.record import Value

LONGEST_REGEX = 4000
LARGEST_PROGRAM = 20_000
"""Instructions of RE2; a list of a thousand words has about 8,000."""

_LIST_IN_REGEX = re.compile(r"\{\{([a-z0-9-]+)\}\}")
_PRIVATE_USE = 0xE000
_REACH = re.compile(r"(part|sentence|exchange)$|(before|within) (\d{1,3})$")


class Scope(Value, frozen=True):
    """What names mean in a file: word lists, and signals by name with the key each has in the policy."""

    lists: Mapping[str, list[str]]
    keys: Mapping[str, str]
    reaches: Mapping[str, str | None]


def seeing(name: str, signal: Signal, *, located: Located, scope: Scope) -> Seeing:
    """The signal compiled; raises ConfigurationError with the line."""
    path: Path = ("signals", name)
    patterns = tuple(_patterns(signal, lists=scope.lists, located=located, path=path))
    if not patterns:
        located.refuse("has neither phrases nor regex", *path)
    return Seeing(
        key=scope.keys[name],
        name=name,
        patterns=patterns,
        places=frozenset(signal.place) if signal.place else None,
        excuses=tuple(
            excusing(item, usually="sentence", located=located, path=(*path, "unless", place), scope=scope)
            for place, item in enumerate(signal.unless)
        ),
        reach=None if signal.reach is None else reach(signal.reach, located=located, path=(*path, "reach")),
        first=signal.first,
        last=signal.last,
        written=signal.written,
    )


def excusing(excuse: str | Excuse, *, usually: str, located: Located, path: Path, scope: Scope) -> Excusing:
    """The context an excuse names and its reach: said here, else the signal's own, else `usually`."""
    given = Excuse(context=excuse) if isinstance(excuse, str) else excuse
    key = given.context if given.context in set(BuiltIn) else scope.keys.get(given.context)
    if key is None:
        known = sorted({*scope.keys, *BuiltIn})
        located.refuse(f"there is no signal or context {given.context!r}{nearest(given.context, known)}", *path)
    text = given.reach or scope.reaches.get(given.context) or usually
    return Excusing(context=key, reach=reach(text, located=located, path=path))


def reach(text: str, *, located: Located, path: Path) -> Reach:
    """`part`, `sentence`, `exchange`, `before 5` or `within 40`."""
    found = _REACH.match(text)
    if not found:
        located.refuse(f"{text!r} is no reach; write part, sentence, exchange, before N or within N", *path)
    return Reach(extent=Extent(found[1] or found[2]), words=int(found[3] or 0))


def _patterns(signal: Signal, *, lists: Lists, located: Located, path: Path) -> Iterator[Pattern]:
    for place, source in _phrases(signal, path):
        try:
            yield _phrase_pattern(source, lists=lists)
        except PhraseError as error:
            located.refuse(f"phrase {source!r}: {error}", *place)
    for position, source in enumerate(signal.regex or ()):
        place = (*path, "regex", position)
        try:
            yield _regex_pattern(source, lists=lists)
        except (PhraseError, re2.error) as error:
            located.refuse(f"regular expression: {_said(error)}", *place)


def _phrases(signal: Signal, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(signal.phrases, dict):
        for language, sources in signal.phrases.items():
            yield from (((*path, "phrases", str(language), place), source) for place, source in enumerate(sources))
    else:
        yield from (((*path, "phrases", place), source) for place, source in enumerate(signal.phrases or ()))


def _phrase_pattern(source: str, *, lists: Lists) -> Pattern:
    read = phrase(source, lists=lists)
    return Pattern(exact=exact(read), source=source, needs=needs(read))


def _regex_pattern(source: str, *, lists: Lists) -> Pattern:
    if len(source) > LONGEST_REGEX:
        raise PhraseError(f"longer than {LONGEST_REGEX} characters")
    named = {name: _list_as_phrase(name, lists=lists) for name in _LIST_IN_REGEX.findall(source)}
    written = _LIST_IN_REGEX.sub(lambda found: exact(named[found[1]]), source)
    compiled = re2.compile(written, quiet())
    if compiled.programsize > LARGEST_PROGRAM:
        raise PhraseError(f"too large ({compiled.programsize:,} instructions, {LARGEST_PROGRAM:,} allowed)")
    if compiled.search(b"") or compiled.search(b"\n"):
        raise PhraseError("matches nothing at all, so it would match everywhere")
    signs = {name: chr(_PRIVATE_USE + number) for number, name in enumerate(named)}
    standing_in = _LIST_IN_REGEX.sub(lambda found: signs[found[1]], source)
    listed = {signs[name]: next(iter(needs(read)), None) for name, read in named.items()}
    return Pattern(exact=written, source=source, needs=regex_needs(standing_in, listed))


def _list_as_phrase(name: str, *, lists: Lists) -> Phrase:
    if name not in lists:
        raise PhraseError(f"there is no word list {{{{{name}}}}}{nearest(name, sorted(lists))}")
    return phrase(f"<{name}>", lists=lists)


def quiet() -> re2.Options:
    """RE2's options for one pattern: no captures, errors told to us alone."""
    options = re2.Options()
    options.never_capture = True
    options.log_errors = False
    return options


def _said(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
