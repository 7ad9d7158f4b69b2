"""Shows on a terminal's standard error how a long audit goes; silent everywhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.status import Status

from bedrock_audit.cli.output import console, harmless
from bedrock_audit.coverage import LedgerRow


class Progress:
    """Running totals of an audit."""

    def __init__(self, status: Status | None) -> None:
        self._status = status
        self._objects = 0
        self._records = 0

    def audited(self, row: LedgerRow, *, findings: int) -> None:
        """One more object is done."""
        self._objects += 1
        self._records += row.coverage.records
        if self._status:
            name = harmless(row.key)[-60:]
            self._status.update(f"{self._objects:,} objects, {self._records:,} records, {findings:,} findings · {name}")

    def now(self, text: str) -> None:
        """How things stand, in words."""
        if self._status:
            self._status.update(text)


@contextmanager
def progress() -> Iterator[Progress]:
    """Progress for the time of the block."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield Progress(None)
        return
    with console(stderr=True).status("auditing …") as status:
        yield Progress(status)
