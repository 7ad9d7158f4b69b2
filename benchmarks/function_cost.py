"""What auditing a million invocations costs in Lambda, from the processor time that the whole route takes.

`python -m benchmarks.function_cost [--records N]` audits a made log as a busy organisation has it, with the real policy
and stores that cost nothing, and prints the arithmetic of the operator guide.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.busy_log import write_log

from bedrock_audit.detect import Detector
from bedrock_audit.local.log_files import LocalLogs
from bedrock_audit.normalise.bodies import NoBodies
from bedrock_audit.pipeline import Engine, audit_object
from bedrock_audit.policy import load_policy
from tests.fakes import FakeStores

MEMORY_GB = 1769 / 1024
"""The memory at which Lambda gives a function one whole core."""
DOLLARS_PER_GB_SECOND = 0.0000133334
"""Lambda on arm64 in us-east-1, first tier, as AWS publishes it."""


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--records", type=int, default=5000)
    records = arguments.parse_args().records
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "busy.json.gz"
        size = write_log(path, records=records)
        seconds = _seconds(path)
    per_million = seconds / records * 1e6
    dollars = per_million * MEMORY_GB * DOLLARS_PER_GB_SECOND
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    speed = f"{seconds:.1f} s, {records / seconds:,.0f} records/s"
    print(f"{records:,} records, {size / 1e6:.1f} MB: {speed}, peak {peak:.0f} MB")
    print(f"1,000,000 records: {per_million:,.0f} s x {MEMORY_GB:.2f} GB x ${DOLLARS_PER_GB_SECOND} = ${dollars:.2f}")


def _seconds(path: Path) -> float:
    """Processor time of the audit alone."""
    engine = Engine(
        detector=Detector(load_policy(None)),
        stores=FakeStores(),
        bodies=NoBodies(),
        clock=lambda: datetime.now(UTC),
    )
    logs = LocalLogs()
    (log,) = logs.listed(str(path))
    start = time.process_time()
    with logs.opened(log.name) as stream:
        audit_object(log, stream, engine=engine)
    return time.process_time() - start


if __name__ == "__main__":
    main()
