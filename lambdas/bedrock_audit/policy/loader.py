"""Reads folders of clauses and word lists into a policy; knows files, nothing about texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path as FilePath

from bedrock_audit.errors import ConfigurationError
from bedrock_audit.located import Located, located, nearest
from bedrock_audit.policy.clause import Lexicon
from bedrock_audit.policy.clause_file import ClauseFile
from bedrock_audit.policy.compiled import Policy, Seeing
from bedrock_audit.policy.compiling import ReadClause, ReadLexicon, Shared, compiled_policy
from bedrock_audit.policy.known_patterns import KnownPatterns, read_known_patterns
from bedrock_audit.record import Value

_LEXICONS = "lexicons"
_ID = re.compile(r"[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)?$")


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
        done = {source.id: read_clause(source) for source in chosen}
        _refuse_what_switches_off_nothing(done, read)
        read |= done
    enabled = [clause for clause in read.values() if clause.file.enabled]
    return compiled_policy(enabled, lexicons=lexicons, known=known or read_known_patterns(own_folder()))


def _refuse_what_switches_off_nothing(done: dict[str, ReadClause], known: dict[str, ReadClause]) -> None:
    for name, clause in done.items():
        if clause.file == ClauseFile(enabled=False) and name not in known:
            clause.located.refuse(
                f"switches off {name!r}, which is none of ours{nearest(name, sorted(known))}", "enabled"
            )


def read_with_cases(folder: FilePath | None = None) -> list[ReadClause]:
    """The clauses of a folder (ours, if None) with their cases."""
    return [read_clause(source, with_cases=True) for source in _clause_sources(folder or own_folder())]


def _clause_sources(folder: FilePath) -> list[Source]:
    if folder == own_folder():
        return _sources(folder / "clauses", must_exist=True)
    sources = _sources(folder, must_exist=True)
    for path in sorted(folder.iterdir()):
        if path.suffix == ".yml" or (path.is_dir() and path.name != _LEXICONS and any(path.glob("*.yaml"))):
            raise ConfigurationError("is not read; clauses are the files *.yaml of the folder itself", source=str(path))
    if not sources and not _sources(folder / _LEXICONS, must_exist=False):
        raise ConfigurationError("holds no clause; a clause is a file whose name ends in .yaml", source=str(folder))
    for source in sources:
        if not _ID.match(source.id):
            raise ConfigurationError(
                "is no name for a clause; use small letters, digits and hyphens, or clause.domain",
                source=str(source.path),
            )
    return sources


def shared_signal(name: str) -> Seeing:
    """One of our shared signals, for parts of the engine that look for it without a clause."""
    return Shared(_own_lexicons()).seeing(name)


@cache
def _own_lexicons() -> tuple[ReadLexicon, ...]:
    return tuple(_lexicons(own_folder()))


def _lexicons(folder: FilePath) -> Iterator[ReadLexicon]:
    for source in _sources(folder / _LEXICONS, must_exist=False):
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
        raise ConfigurationError("is not UTF-8; save it as UTF-8 text", source=str(path)) from error


def read_clause(source: Source, *, with_cases: bool = False) -> ReadClause:
    """The file as a clause; the cases of ours, which stand last, are not even parsed unless wanted."""
    is_ours = source.path.is_relative_to(own_folder())
    text = source.text.partition("\ncases:")[0] if is_ours and not with_cases else source.text
    document = _document(text, source.path)
    file = document.converted(ClauseFile)
    if "." in source.id and source.id != f"{file.clause}.{file.domain}" and file.enabled:
        document.refuse(f"the name says {source.id}; then clause and domain must say so too")
    return ReadClause(id=source.id, file=file, located=document, is_ours=is_ours)


def _document(text: str, path: FilePath) -> Located:
    found = located(text, str(path))
    if len(found) != 1:
        raise ConfigurationError(f"holds {len(found)} YAML documents; one is wanted", source=str(path))
    return found[0]
