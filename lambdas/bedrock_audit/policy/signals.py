"""Compiles signals: phrases and regular expressions to patterns, the contexts that excuse them to references."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bedrock_audit.located import Located, Path, nearest
from bedrock_audit.policy.clause import Excuse, Signal
from bedrock_audit.policy.compiled import BuiltIn, Excusing, Extent, Reach, Seeing
from bedrock_audit.policy.pattern import Pattern, PatternFacts, phrase_pattern, regex_pattern, tried
from bedrock_audit.policy.phrase import Lists, PhraseError
from bedrock_audit.record import Value

_REACH = re.compile(r"(part|sentence|exchange)$|(before|within) (\d{1,3})$")


class Scope(Value, frozen=True):
    """What names mean in a file: word lists, and signals by name with the key each has in the policy."""

    lists: Lists
    keys: Mapping[str, str]
    reaches: Mapping[str, str | None]


def seeing(
    name: str,
    signal: Signal,
    *,
    located: Located,
    scope: Scope,
    is_tried: bool,
    known: Sequence[PatternFacts] = (),
) -> Seeing:
    """The signal compiled; raises ConfigurationError with the line.

    `is_tried` says that regular expressions are compiled at once, to refuse bad ones; ours are tried by their tests.
    `known` are the facts of all its patterns, from a time when it was compiled and nothing refused.
    """
    path: Path = ("signals", name)
    if known:
        patterns = tuple(_known_patterns(signal, known, lists=scope.lists, path=path))
    else:
        patterns = tuple(_patterns(signal, lists=scope.lists, is_tried=is_tried, located=located, path=path))
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
    found = reach(text, located=located, path=path)
    if found.extent is Extent.EXCHANGE and path[0] == "signals":
        located.refuse("reach: exchange takes away a match, not one hit; name it under none of the rule", *path)
    return Excusing(context=key, reach=found)


def reach(text: str, *, located: Located, path: Path) -> Reach:
    """`part`, `sentence`, `exchange`, `before 5` or `within 40`."""
    found = _REACH.match(text)
    if not found:
        located.refuse(f"{text!r} is no reach; write part, sentence, exchange, before N or within N", *path)
    return Reach(extent=Extent(found[1] or found[2]), words=int(found[3] or 0))


def _known_patterns(signal: Signal, known: Sequence[PatternFacts], *, lists: Lists, path: Path) -> Iterator[Pattern]:
    written = [*((source, False) for _, source in _phrases(signal, path)), *((one, True) for one in signal.regex or ())]
    for (source, is_regex), facts in zip(written, known, strict=True):
        yield Pattern(source=source, lists=lists, is_regex=is_regex, known=facts)


def _patterns(signal: Signal, *, lists: Lists, is_tried: bool, located: Located, path: Path) -> Iterator[Pattern]:
    for place, source in _phrases(signal, path):
        try:
            yield phrase_pattern(source, lists=lists)
        except PhraseError as error:
            located.refuse(f"phrase {source!r}: {error}", *place)
    for position, source in enumerate(signal.regex or ()):
        try:
            pattern = regex_pattern(source, lists=lists)
            yield tried(pattern) if is_tried else pattern
        except PhraseError as error:
            located.refuse(f"regular expression: {error}", *path, "regex", position)


def _phrases(signal: Signal, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(signal.phrases, dict):
        for language, sources in signal.phrases.items():
            yield from (((*path, "phrases", str(language), place), source) for place, source in enumerate(sources))
    else:
        yield from (((*path, "phrases", place), source) for place, source in enumerate(signal.phrases or ()))
