"""Reads folders of clauses and word lists into a policy; knows files, nothing about texts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path as FilePath

from bedrock_audit.errors import ConfigurationError
from bedrock_audit.located import Located, located
from bedrock_audit.policy.clause import Lexicon
from bedrock_audit.policy.clause_file import ClauseFile
from bedrock_audit.policy.compiled import Policy, Seeing
from bedrock_audit.policy.compiling import ReadClause, ReadLexicon, Shared, compiled_policy
from bedrock_audit.policy.known_patterns import KnownPatterns, read_known_patterns
from bedrock_audit.record import Value


class Source(Value, frozen=True):
    """A file that was read: its stem, its place, its text and, where asked for, its cases."""

    id: str
    path: FilePath
    text: str


def load_policy(
    extra: FilePath | None = None, *, only: frozenset[str] = frozenset(), known: KnownPatterns | None = None
) -> Policy:
    """Our clauses, with those of the folder `extra` added, put in the place of ours, or switching ours off.

    With `only`, nothing but these clauses. `known` patterns, by default those of a file beside our clauses, save the
    time to read each.
    """
    folders = [own_folder(), *([extra] if extra else [])]
    lexicons = [*_own_lexicons(), *(_lexicons(extra) if extra else ())]
    read: dict[str, ReadClause] = {}
    for folder in folders:
        chosen = [source for source in _clause_sources(folder) if not only or source.id in only]
        read |= {source.id: read_clause(source) for source in chosen}
    enabled = [clause for clause in read.values() if clause.file.enabled]
    return compiled_policy(enabled, lexicons=lexicons, known=known or read_known_patterns(own_folder()))


def read_with_cases(folder: FilePath | None = None) -> list[ReadClause]:
    """The clauses of a folder (ours, if None) with their cases."""
    return [read_clause(source, with_cases=True) for source in _clause_sources(folder or own_folder())]


def _clause_sources(folder: FilePath) -> list[Source]:
    return _sources(folder / "clauses" if folder == own_folder() else folder, must_exist=True)


def shared_signal(name: str) -> Seeing:
    """One of our shared signals, for parts of the engine that look for it without a clause."""
    return Shared(_own_lexicons()).seeing(name)


@cache
def _own_lexicons() -> tuple[ReadLexicon, ...]:
    return tuple(_lexicons(own_folder()))


def _lexicons(folder: FilePath) -> Iterator[ReadLexicon]:
    for source in _sources(folder / "lexicons", must_exist=False):
        document = _document(source.text, source.path)
        is_ours = folder == own_folder()
        yield ReadLexicon(lexicon=document.converted(Lexicon), located=document, is_ours=is_ours)


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
    is_ours = source.path.is_relative_to(own_folder())
    return ReadClause(id=source.id, file=document.converted(ClauseFile), located=document, is_ours=is_ours)


def _document(text: str, path: FilePath) -> Located:
    found = located(text, str(path))
    if len(found) != 1:
        raise ConfigurationError(f"holds {len(found)} YAML documents; one is wanted", source=str(path))
    return found[0]
