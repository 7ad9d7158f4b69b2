"""Reads clause files and word lists and compiles them to a policy; knows files, nothing about texts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path as FilePath

import msgspec

from bedrock_audit.errors import ConfigurationError
from bedrock_audit.located import Located, located
from bedrock_audit.policy.clause import POLICY_DATE, Lexicon, Signal
from bedrock_audit.policy.clause_file import Cases, ClauseFile
from bedrock_audit.policy.compiled import BuiltIn, Clause, Policy, Seeing
from bedrock_audit.policy.phrase import Lists
from bedrock_audit.policy.rules import compiled_rule
from bedrock_audit.policy.signals import Scope, seeing
from bedrock_audit.record import Value


class Source(Value, frozen=True):
    """A file that was read: its stem, its place, its text and, where asked for, its cases."""

    id: str
    path: FilePath
    text: str


class ReadClause(Value, frozen=True):
    """A clause file as written, and where its parts stand."""

    id: str
    file: ClauseFile
    located: Located


def load_policy(extra: FilePath | None = None, *, only: frozenset[str] = frozenset()) -> Policy:
    """Our clauses, with those of the folder `extra` added, put in the place of ours, or switching ours off.

    With `only`, nothing but these clauses.
    """
    folders = [own_folder(), *([extra] if extra else [])]
    lexicons = [
        _read_lexicon(source) for folder in folders for source in _sources(folder / "lexicons", must_exist=False)
    ]
    read: dict[str, ReadClause] = {}
    for folder in folders:
        chosen = [source for source in _clause_sources(folder) if not only or source.id in only]
        read |= {source.id: read_clause(source) for source in chosen}
    return compiled_policy([clause for clause in read.values() if clause.file.enabled], lexicons=lexicons)


def read_with_cases(folder: FilePath | None = None) -> list[ReadClause]:
    """The clauses of a folder (ours, if None) with their cases."""
    return [read_clause(source, with_cases=True) for source in _clause_sources(folder or own_folder())]


def _clause_sources(folder: FilePath) -> list[Source]:
    return _sources(folder / "clauses" if folder == own_folder() else folder, must_exist=True)


@cache
def shared_signals() -> dict[str, Seeing]:
    """Our shared signals by name, for parts of the engine that look for them without a clause."""
    lexicons = [_read_lexicon(source) for source in _sources(own_folder() / "lexicons", must_exist=True)]
    return compiled_policy([], lexicons=lexicons).signals


@cache
def own_folder() -> FilePath:
    """Where the clauses of the product are."""
    return FilePath(str(files("bedrock_audit.policy")))


def _sources(folder: FilePath, *, must_exist: bool) -> list[Source]:
    if not folder.is_dir():
        if must_exist:
            raise ConfigurationError("is not a folder of clauses", source=str(folder))
        return []
    return [Source(id=path.stem, path=path, text=_text(path)) for path in sorted(folder.glob("*.yaml"))]


def _text(path: FilePath) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigurationError("is not UTF-8", source=str(path)) from error


def read_clause(source: Source, *, with_cases: bool = False) -> ReadClause:
    """The file as a clause; cases, which stand last, are not even parsed unless wanted."""
    text = source.text if with_cases else source.text.partition("\ncases:")[0]
    document = _document(text, source.path)
    return ReadClause(id=source.id, file=document.converted(ClauseFile), located=document)


def _document(text: str, path: FilePath) -> Located:
    found = located(text, str(path))
    if len(found) != 1:
        raise ConfigurationError(f"holds {len(found)} YAML documents; one is wanted", source=str(path))
    return found[0]


class ReadLexicon(Value, frozen=True):
    """A shared file of word lists and contexts, and where its parts stand."""

    lexicon: Lexicon
    located: Located


def _read_lexicon(source: Source) -> ReadLexicon:
    document = _document(source.text, source.path)
    return ReadLexicon(lexicon=document.converted(Lexicon), located=document)


def compiled_policy(clauses: Sequence[ReadClause], *, lexicons: Sequence[ReadLexicon]) -> Policy:
    """Everything resolved; raises ConfigurationError with file and line for what cannot be."""
    shared: dict[str, Signal] = {}
    lists = Lists({})
    for item in lexicons:
        lists = Lists(item.lexicon.words, lists)
        shared |= item.lexicon.signals
    keys, reaches = {name: name for name in shared}, {name: one.reach for name, one in shared.items()}
    base = Scope(lists=lists, keys=keys, reaches=reaches)
    signals: dict[str, Seeing] = {}
    for item in lexicons:
        _add(signals, item.lexicon.signals, located=item.located, scope=base)
    done = [_compiled_clause(clause, base=base, signals=signals) for clause in clauses]
    version = _version([item.lexicon for item in lexicons], [(one.id, one.file) for one in clauses])
    return Policy(version=version, clauses=tuple(done), signals=signals)


def _compiled_clause(read: ReadClause, *, base: Scope, signals: dict[str, Seeing]) -> Clause:
    file, located = read.file, read.located
    scope = Scope(
        lists=Lists(file.words, base.lists),
        keys={**base.keys, **{name: f"{read.id}/{name}" for name in file.signals}},
        reaches={**base.reaches, **{name: signal.reach for name, signal in file.signals.items()}},
    )
    if file.title is None or file.sentence is None or file.severity is None or file.policy is None:
        located.refuse("lacks one of title, sentence, policy, severity")
    _add(signals, file.signals, located=located, scope=scope)
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


def _add(signals: dict[str, Seeing], given: dict[str, Signal], *, located: Located, scope: Scope) -> None:
    for name, signal in given.items():
        if name in set(BuiltIn):
            located.refuse(f"{name!r} is built in; give the signal another name", "signals", name)
        is_ours = located.source.startswith(str(own_folder()))
        signals[scope.keys[name]] = seeing(name, signal, located=located, scope=scope, is_tried=not is_ours)


def _version(lexicons: Sequence[Lexicon], clauses: Sequence[tuple[str, ClauseFile]]) -> str:
    """The policy's date and 48 bits over everything the files say but their cases."""
    said = [(name, msgspec.structs.replace(file, cases=Cases())) for name, file in clauses]
    digest = blake2b(msgspec.json.encode([lexicons, said], order="deterministic"), digest_size=6).hexdigest()
    return f"{POLICY_DATE}+{digest}"
