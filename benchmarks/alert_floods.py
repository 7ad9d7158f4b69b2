"""What floods of findings come to: how many messages, what they say, and what summing them up costs.

`python -m benchmarks.alert_floods` prints what docs/alerts.md shows, by the program's own routing, caps and digests.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterator

from msgspec.structs import replace

from bedrock_audit.alerts.alert import Alert, alert
from bedrock_audit.alerts.digest import repeats
from bedrock_audit.alerts.waiting import Waiting, waiting
from tests.alerts.examples import HOUR, LENDING, examples
from tests.builders import NOON

MANY = 100_000
GROUPS = 500


def held() -> Iterator[Waiting]:
    """Findings of as many callers as there are groups, waiting for one digest."""
    for number in range(MANY):
        yield waiting(_alert(number), ["topic"])


def _alert(number: int) -> Alert:
    principal = f"arn:aws:iam::111122223333:role/app-{number % GROUPS:04}"
    return alert(replace(LENDING, id=f"u-{number:020x}", principal=principal), added=1)


def main() -> None:
    """Print the floods and the cost of a digest."""
    shown = examples()
    for name in ("floods", "storm", "digest", "digest of one caller"):
        print(f"{name}\n\n{shown[name]}")
    kept = list(held())
    began = time.process_time()
    repeats(kept, since=NOON, until=NOON + HOUR)
    spent = time.process_time() - began
    tracemalloc.start()
    repeats(held(), since=NOON, until=NOON + HOUR)
    _, peak = tracemalloc.get_traced_memory()
    print(f"a digest of {MANY:,} findings in {GROUPS} groups: {spent:.2f} s, {peak / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
