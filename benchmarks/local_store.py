"""How fast the local store records: `python -m benchmarks.local_store [OBSERVATIONS]`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from time import perf_counter

from benchmarks.stored_values import an_observation

from bedrock_audit.finding import Observation, derived_id
from bedrock_audit.local import open_stores
from bedrock_audit.ports import FindingQuery

PER_OBJECT = 1000


def main(count: int) -> None:
    """Record so many observations twice, in objects of a thousand, then list the findings."""
    observations = [an_observation(n, finding_id=derived_id("v", str(n // 5)), second=n) for n in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "findings.db"
        print("| what | seconds | a second |\n|---|---:|---:|")
        for title in ("recorded", "recorded again, nothing new"):
            _show(title, _recorded(path, observations), count)
        with open_stores(path) as stores:
            start = perf_counter()
            listed = sum(1 for _ in stores.findings.query(FindingQuery()))
            _show("findings listed", perf_counter() - start, listed)
        print(f"\n{path.stat().st_size / 1e6:.0f} MB")


def _recorded(path: Path, observations: list[Observation]) -> float:
    start = perf_counter()
    with open_stores(path) as stores:
        for first in range(0, len(observations), PER_OBJECT):
            with stores.findings.unit():
                for observation in observations[first : first + PER_OBJECT]:
                    stores.findings.record(observation)
    return perf_counter() - start


def _show(title: str, seconds: float, count: int) -> None:
    print(f"| {count:,} {title} | {seconds:.1f} | {count / seconds:,.0f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
