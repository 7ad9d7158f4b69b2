"""Compiles what clause files and word lists say to a policy in which every name is resolved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b

import msgspec

from bedrock_audit.located import Located
from bedrock_audit.policy.clause import POLICY_DATE, Kind, Lexicon, Signal
from bedrock_audit.policy.clause_file import Cases, ClauseFile
from bedrock_audit.policy.compiled import BuiltIn, Clause, Policy, Seeing
from bedrock_audit.policy.frameworks import refuse_unknown_places
from bedrock_audit.policy.known_patterns import KnownPatterns
from bedrock_audit.policy.phrase import Lists
from bedrock_audit.policy.rules import compiled_rule
from bedrock_audit.policy.signals import Scope, seeing
from bedrock_audit.record import Value


class ReadClause(Value, frozen=True):
    """A clause file as written, and where its parts stand; regular expressions that are not ours are tried at once."""

    id: str
    file: ClauseFile
    located: Located
    is_ours: bool = False


class ReadLexicon(Value, frozen=True):
    """A shared file of word lists and contexts, and where its parts stand."""

    lexicon: Lexicon
    located: Located
    is_ours: bool = False


class Shared:
    """The word lists and signals that all clauses may name; later files win."""

    def __init__(self, lexicons: Sequence[ReadLexicon], known: KnownPatterns | None = None) -> None:
        self.known = known or KnownPatterns()
        self._from: dict[str, ReadLexicon] = {}
        lists = Lists({})
        _refuse_double_names([item for item in lexicons if item.is_ours])
        for item in lexicons:
            lists = Lists(item.lexicon.words, lists)
            self._from |= dict.fromkeys(item.lexicon.signals, item)
        reaches = {name: item.lexicon.signals[name].reach for name, item in self._from.items()}
        self.scope = Scope(lists=lists, keys={name: name for name in self._from}, reaches=reaches)

    def seeing(self, name: str) -> Seeing:
        """The shared signal compiled; raises ConfigurationError with the line."""
        item = self._from[name]
        return self.compiled(name, item.lexicon.signals[name], read=item, scope=self.scope)

    def compiled(self, name: str, signal: Signal, *, read: ReadClause | ReadLexicon, scope: Scope) -> Seeing:
        """A signal of the file compiled; raises ConfigurationError with the line."""
        if name in set(BuiltIn):
            read.located.refuse(f"{name!r} is built in; give the signal another name", "signals", name)
        known = self.known.of(scope.keys[name])
        return seeing(name, signal, located=read.located, scope=scope, is_tried=not read.is_ours, known=known)

    def others(self) -> list[str]:
        """The names of shared signals that are not ours: compiled even if no clause names them, to refuse bad ones."""
        return [name for name, item in self._from.items() if not item.is_ours]


def compiled_policy(
    clauses: Sequence[ReadClause], *, lexicons: Sequence[ReadLexicon], known: KnownPatterns | None = None
) -> Policy:
    """Everything resolved; raises ConfigurationError with file and line for what cannot be.

    What is `known` of patterns counts only if it was worked out for this very policy.
    """
    version = _version([item.lexicon for item in lexicons], [(one.id, one.file) for one in clauses])
    shared = Shared(lexicons, known if known and known.version == version else None)
    signals: dict[str, Seeing] = {}
    done = [_compiled_clause(clause, shared=shared, signals=signals) for clause in clauses]
    wanted = [*shared.others(), *_named(done), *(excuse.context for one in signals.values() for excuse in one.excuses)]
    while wanted:
        key = wanted.pop()
        if key not in signals and key in shared.scope.keys:
            signals[key] = shared.seeing(key)
            wanted += [excuse.context for excuse in signals[key].excuses]
    return Policy(version=version, clauses=tuple(done), signals=signals)


def _refuse_double_names(lexicons: Sequence[ReadLexicon]) -> None:
    """Of two of our files that give the same name, one would silently win; an organisation's own may replace ours."""
    known: set[tuple[str, str]] = set()
    for item in lexicons:
        for part, names in (("words", item.lexicon.words), ("signals", item.lexicon.signals)):
            for name in names:
                if (part, name) in known:
                    item.located.refuse(f"{name!r} is the name of another file's; give it one of its own", part, name)
                known.add((part, name))


def _named(clauses: Sequence[Clause]) -> Iterator[str]:
    for clause in clauses:
        for rule in clause.rules:
            yield from rule.named
            yield from (excuse.context for excuse in rule.excuses)


def _compiled_clause(read: ReadClause, *, shared: Shared, signals: dict[str, Seeing]) -> Clause:
    file, located, base = read.file, read.located, shared.scope
    scope = Scope(
        lists=Lists(file.words, base.lists),
        keys={**base.keys, **{name: f"{read.id}/{name}" for name in file.signals}},
        reaches={**base.reaches, **{name: signal.reach for name, signal in file.signals.items()}},
    )
    if file.title is None or file.sentence is None or file.severity is None or file.policy is None:
        lacking = [name for name in ("title", "sentence", "policy", "severity") if getattr(file, name) is None]
        located.refuse(f"lacks {', '.join(lacking)}; a file with the name of one of ours stands in for all of it")
    if not file.rules and file.policy.kind is Kind.PROHIBITION:
        located.refuse("has no rules, so it would never match; to switch a clause off, write enabled: false")
    refuse_unknown_places(file.mappings, located)
    for name, signal in file.signals.items():
        signals[scope.keys[name]] = shared.compiled(name, signal, read=read, scope=scope)
    return Clause(
        id=read.id,
        clause=file.clause or read.id,
        domain=file.domain,
        title=file.title,
        sentence=file.sentence,
        kind=file.policy.kind,
        paragraph=file.policy.paragraph,
        severity=file.severity,
        mappings=file.mappings,
        languages=file.languages,
        stage=file.stage,
        keeps_text=file.evidence.text != "never",
        rules=tuple(
            compiled_rule(name, rule, located=located, scope=scope, places=file.place)
            for name, rule in file.rules.items()
        ),
        source=located.source,
    )


def _version(lexicons: Sequence[Lexicon], clauses: Sequence[tuple[str, ClauseFile]]) -> str:
    """The policy's date and 48 bits over everything the files say but their cases."""
    said = [(name, msgspec.structs.replace(file, cases=Cases())) for name, file in clauses]
    digest = blake2b(msgspec.json.encode([lexicons, said], order="deterministic"), digest_size=6).hexdigest()
    return f"{POLICY_DATE}+{digest}"
