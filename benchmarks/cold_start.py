"""What a cold start of the auditor costs, in processor time, against a bare interpreter that imports boto3 alone.

`python -m benchmarks.cold_start [--rounds N]` runs the bundle as it is deployed (same lock, hash-based bytecode, wheels
for this machine) in the bare interpreter that stands for Lambda's. The four kinds of start take turns, so that
whatever else the machine does meets all of them; of each the median counts. Needs what `make test` installs.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
from pathlib import Path

from infra.engine_bundle import engine_bundle, of_this_machine
from needs import AuditorSettings
from settings import environment

ROOT = Path(__file__).resolve().parent.parent
BARE = ROOT / ".venv-lambda"
NEEDS = AuditorSettings(
    queue="https://queue", finding_days=30, findings_table="f", use_cases_table="u", ledger_table="l"
)
GIVEN_BY_LAMBDA = {"AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
BASE = "boto3 alone"
STARTS = {
    "bare interpreter": "pass",
    BASE: "import boto3",
    "handler imported": "import audit_log_object",
    "engine ready": "from audit_log_object import *; import wiring; wiring.engine(settings_of(AuditorSettings))",
}


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=9)
    bundle = engine_bundle(ROOT, target=of_this_machine((BARE / "python-version").read_text().strip()))
    taken: dict[str, list[float]] = {name: [] for name in STARTS}
    for _ in range(arguments.parse_args().rounds):
        for name, code in STARTS.items():
            taken[name].append(_seconds(code, bundle))
    base = statistics.median(taken[BASE])
    print("| start | seconds | spread | x boto3 alone |\n|---|---:|---:|---:|")
    for name, seconds in taken.items():
        middle = statistics.median(seconds)
        print(f"| {name} | {middle:.2f} | {min(seconds):.2f}-{max(seconds):.2f} | {middle / base:.1f} |")


def _seconds(code: str, bundle: Path) -> float:
    """Processor time of one process from its start to its end."""
    given = {"PYTHONPATH": str(bundle), "PYTHONDONTWRITEBYTECODE": "1", **GIVEN_BY_LAMBDA}
    before = _spent()
    subprocess.run([BARE / "bin/python", "-c", code], env={**given, **environment(NEEDS)}, check=True)
    return _spent() - before


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
