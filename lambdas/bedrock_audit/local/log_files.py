"""Log objects and offloaded bodies as files: what lies in a folder tree, one file, or what is piped in.

Knows the layout that Bedrock writes (`…/BedrockModelInvocationLogs/<region>/YYYY/MM/DD/HH/`): the bodies that it puts
into `data/` there belong to records and are none themselves.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import takewhile
from pathlib import Path, PurePosixPath
from stat import S_ISREG
from typing import Any, BinaryIO
from uuid import uuid4

from bedrock_audit.errors import LogUnreadableError
from bedrock_audit.normalise.bodies import Unresolved
from bedrock_audit.ports import LogObject

STDIN = "-"
OFFLOADED = "data"
PIPED = "stdin:"
HEAD_BYTES = 64 * 1024
"""What is piped in has no name; that many bytes of it give it one, so that the next thing piped in has another."""

MAX_BODY_BYTES = 64 * 1024 * 1024

_LAYOUT = "BedrockModelInvocationLogs"
_SQLITE = b"SQLite format 3\0"
_SQLITE_ENDS = ("-wal", "-shm", "-journal")
_PERMISSION_CHECK = "amazon-bedrock-logs-permission-check"
_OFFLOADED_NAME = re.compile(r".+_(?:input|output)(?:_media_\d+\.\w+|\.json(?:\.gz)?)").fullmatch


class LocalLogs:
    """Log objects on this machine; `stdin` stands in for the process's own."""

    def __init__(self, stdin: BinaryIO | None = None) -> None:
        self._stdin = stdin
        self._head = b""
        self._odd_names: dict[str, Path] = {}

    def listed(self, prefix: str, /) -> Iterator[LogObject]:
        """The file itself, every log file below a folder in the order of their paths, or standard input."""
        if prefix == STDIN:
            self._head = self._piped().read(HEAD_BYTES)
            name = PIPED + blake2b(self._head, digest_size=8).hexdigest()
            yield LogObject(name=name, etag=uuid4().hex, size=0)
        elif Path(prefix).is_dir():
            passed: list[Path] = []
            yield from (self._described(path) for path in _walked(Path(prefix), passed) if _is_log(path))
            # A folder that is not looked into is something that cannot be opened: nothing is left out unsaid.
            yield from map(self._described, passed)
        else:
            yield self._described(Path(prefix))

    @contextmanager
    def opened(self, name: str, /) -> Iterator[BinaryIO]:
        """The file's bytes; raises LogUnreadableError where it cannot be opened or read."""
        if name.startswith(PIPED):
            yield io.BufferedReader(_Rejoined(self._head, self._piped()))
            return
        path = self._odd_names.get(name, Path(name))
        try:
            if path.is_symlink() and path.is_dir():
                raise LogUnreadableError("is a link to a folder and not followed; audit what it leads to", source=name)
            with path.open("rb") as stream:
                yield stream
        except OSError as error:
            raise LogUnreadableError(f"cannot be read: {error.strerror}", source=name) from error

    def _piped(self) -> BinaryIO:
        return self._stdin or sys.stdin.buffer

    def _described(self, path: Path) -> LogObject:
        """Names that are no UTF-8 are told in escapes, as no store could keep them."""
        name = os.fsencode(path).decode("utf-8", "backslashreplace")
        if name != str(path):
            self._odd_names[name] = path
        try:
            facts = path.stat()
        except OSError:
            return LogObject(name=name, etag=uuid4().hex, size=0)
        etag = f"{facts.st_mtime_ns:x}-{facts.st_size:x}" if S_ISREG(facts.st_mode) else uuid4().hex
        return LogObject(name=name, etag=etag, size=facts.st_size, modified=datetime.fromtimestamp(facts.st_mtime, UTC))


class LocalBodies:
    """Bodies in the `data/` folders beside the log files that are audited.

    A record names its body by the place it had in S3. The file is looked for by its name (Bedrock puts the request id
    into it) among what lies in those folders, so that no name in a record can lead anywhere else.
    """

    def __init__(self, audited: str = STDIN) -> None:
        self._audited = audited
        self._files: dict[str, list[Path]] | None = None

    def fetched(self, uri: str, /) -> bytes | Unresolved:
        """The file's bytes, gzipped or not; `not-found` also for every URI that is not below a `data/` folder."""
        place = PurePosixPath(uri)
        if self._audited == STDIN or place.parent.name != OFFLOADED:
            return Unresolved("outside-allowed-places", "only data/ folders beside the audited files are looked into")
        if self._files is None:
            self._files = _by_name(_offloaded_files(self._audited))
        found = self._files.get(place.name)
        if not found:
            return Unresolved("not-found", "no such file in a data/ folder beside the log")
        return _content(max(found, key=lambda path: _shared_tail(path, place)))


class _Rejoined(io.RawIOBase):
    """A stream again whole after its beginning was read."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = io.BytesIO(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        data = self._head.read(len(buffer)) or self._rest.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _offloaded_files(audited: str) -> Iterator[Path]:
    """Those beside a file, or anywhere below a folder; links that lead out of it are left alone."""
    root = Path(audited).resolve()
    beside = [root.parent / OFFLOADED] if root.is_file() else [root] if root.is_dir() else []
    for folder in beside:
        for path in _walked(folder, []):
            inside = path.resolve().is_relative_to(folder.resolve())
            if inside and path.parent.name == OFFLOADED:
                yield path


def _by_name(files: Iterator[Path]) -> dict[str, list[Path]]:
    named: dict[str, list[Path]] = {}
    for path in files:
        named.setdefault(path.name, []).append(path)
    return named


def _shared_tail(path: Path, place: PurePosixPath) -> int:
    """How many last segments agree: of files of one name, the one in the same hour, Region and account is meant."""
    pairs = zip(reversed(path.parts), reversed(place.parts), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _content(path: Path) -> bytes | Unresolved:
    try:
        if path.stat().st_size > MAX_BODY_BYTES:
            return Unresolved("too-large", f"the file has more than {MAX_BODY_BYTES:,} bytes")
        return path.read_bytes()
    except OSError as error:
        return Unresolved("access-denied", f"the file cannot be read: {error.strerror}")


def _walked(folder: Path, passed: list[Path]) -> Iterator[Path]:
    """Every file below; `passed` is given the folders that cannot be looked into, and links to folders elsewhere.

    Links are not followed: one may lead to the whole disk. What a link within the folder leads to is walked anyway.
    """
    inside = folder.resolve()
    for where, folders, names in os.walk(folder, onerror=lambda error: passed.append(_told_of(error))):
        folders.sort()
        below = (Path(where) / name for name in folders)
        passed.extend(path for path in below if _is_link(path) and not path.resolve().is_relative_to(inside))
        yield from (Path(where) / name for name in sorted(names))


def _is_link(path: Path) -> bool:
    return os.path.islink(path)  # noqa: PTH114 - pathlib raises where nobody may find out


def _told_of(error: OSError) -> Path:
    return Path(os.fsdecode(error.filename))


def _is_log(path: Path) -> bool:
    if path.name.startswith((".", _PERMISSION_CHECK)) or not _is_file(path):
        return False
    if path.parent.name == OFFLOADED and _OFFLOADED_NAME(path.name):
        return False
    if _is_database(path):
        return False
    folders = path.absolute().parts[:-1]
    return _LAYOUT not in folders or OFFLOADED not in folders[folders.index(_LAYOUT) :]


def _is_database(path: Path) -> bool:
    """True for stores of findings (ours lie in the folder one works in) and what SQLite puts beside them."""
    whole = next((path.name.removesuffix(end) for end in _SQLITE_ENDS if path.name.endswith(end)), path.name)
    try:
        with path.with_name(whole).open("rb") as stream:
            return stream.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False


def _is_file(path: Path) -> bool:
    """Also a link that leads nowhere, and where nobody may find out: opening it will say why it cannot be read."""
    try:
        return path.is_file() or (path.is_symlink() and not path.exists())
    except OSError:
        return True
