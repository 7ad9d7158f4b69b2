"""Somebody at a command line, with a store of their own that holds what a test says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from bedrock_audit.cli import main
from bedrock_audit.finding import Observation, Usage
from bedrock_audit.local import open_stores


class Desk:
    """A local store and the commands run on it; `COLUMNS` is what a small terminal has."""

    def __init__(self, folder: Path) -> None:
        self.store = folder / "store.db"

    def keep(self, *values: Observation | Usage) -> None:
        """Store what an audit would have."""
        with open_stores(self.store) as stores, stores.findings.unit():
            for value in values:
                if isinstance(value, Usage):
                    stores.ledger.record_usage(value)
                else:
                    stores.findings.record(value)

    def run(self, *arguments: str, code: int = 0, said: str = "") -> str:
        """Standard output of a command that ends with this exit code and has said this on standard error."""
        result = CliRunner().invoke(main, [*arguments, "--store", str(self.store)], env={"COLUMNS": "86"})
        assert result.exit_code == code, result.output
        assert said in result.stderr
        return result.stdout

    def json(self, *arguments: str) -> Any:
        """What a command prints for programs."""
        return json.loads(self.run(*arguments, "-o", "json"))
