"""How fast the route is from log to matches, stage by stage, against the floor of `benchmarks.decode`.

`python -m benchmarks.detect [--records N] [--rounds N] [LOG]` makes the busy log of the decode benchmark (or takes one)
and prints for each stage its seconds and share: reading, finding exchanges, telling languages, looking for clauses.
Then how fast texts are that were never seen, how long clauses take to load, and what uncovering hidden text costs.
"""

from __future__ import annotations

import argparse
import base64
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from benchmarks.busy_log import write_log
from benchmarks.decode import read_at_the_floor

from bedrock_audit.decode import RawEntry, decode
from bedrock_audit.detect import Detector
from bedrock_audit.exchanges import Exchange, exchanges
from bedrock_audit.normalise import normalise
from bedrock_audit.normalise.bodies import NoBodies
from bedrock_audit.policy import load_policy
from bedrock_audit.record import InvocationRecord

Said = TypeVar("Said")
Found = list[tuple[InvocationRecord, tuple[Exchange, ...]]]


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        log = options.log or Path(folder) / "busy.json.gz"
        if not options.log:
            write_log(log, records=options.records)
        floor = min(_timed(lambda: read_at_the_floor(log))[1] for _ in range(options.rounds))
        rounds = [_route(log) for _ in range(options.rounds)]
    _print_route(floor, min(rounds, key=lambda stages: sum(stages.values())))
    _print_loading()
    _print_uncovering()


def _route(log: Path) -> dict[str, float]:
    """Seconds of each stage with a fresh detector, and of looking at everything once more."""
    detector = Detector(load_policy())
    records, reading = _timed(lambda: _records(log))
    found, pairing = _timed(lambda: [(record, exchanges(record)) for record in records])
    _, telling = _timed(lambda: _languages(found, detector))
    _, looking = _timed(lambda: _matches(found, detector))
    return {"reading": reading, "exchanges": pairing, "languages": telling, "clauses": looking}


def _records(log: Path) -> list[InvocationRecord]:
    bodies = NoBodies()
    with log.open("rb") as stream:
        entries = (entry for entry in decode(stream, str(log)) if isinstance(entry, RawEntry))
        items = [item for entry in entries for item in normalise(entry, bodies)]
    return [item for item in items if isinstance(item, InvocationRecord)]


def _languages(found: Found, detector: Detector) -> int:
    new = [one for _, several in found for one in several if one.is_new]
    return len([detector.language(part) for one in new for part in (*one.asked, *one.answered)])


def _matches(found: Found, detector: Detector) -> int:
    return sum(len(detector.matches(one, record)) for record, several in found for one in several)


def _print_route(floor: float, stages: dict[str, float]) -> None:
    whole = sum(stages.values())
    print(f"floor (unzip, parse, touch)   {floor:7.3f} s")
    for name, seconds in stages.items():
        print(f"{name:29} {seconds:7.3f} s  {100 * seconds / whole:3.0f} %  {seconds / floor:6.1f} x the floor")
    print(f"{'decode to matches':29} {whole:7.3f} s        {whole / floor:6.1f} x the floor, ", end="")
    print(f"{whole / stages['reading']:.1f} x the reader")


def _print_loading() -> None:
    policy, loading = _timed(load_policy)
    _, making = _timed(lambda: Detector(policy))
    patterns = sum(len(signal.patterns) for signal in policy.signals.values())
    print(
        f"\n{len(policy.clauses)} clauses with {patterns} patterns: loaded in {loading:.2f} s, ready in {making:.2f} s"
    )


def _print_uncovering() -> None:
    """Text that no clause speaks of, plain and hidden, each text another."""
    plain = [f"Paragraph {number}. " + "The garden by the river is green in summer. " * 20 for number in range(2000)]
    hidden = [base64.b64encode(text.encode()).decode() for text in plain]
    leet = [text.replace("e", "3").replace("a", "4") for text in plain]
    print()
    for name, texts in (("plain", plain), ("leetspeak", leet), ("base64", hidden)):
        detector = Detector(load_policy())
        _, seconds = _timed(lambda texts=texts, detector=detector: _judged(texts, detector))  # type: ignore[misc]
        size = sum(map(len, texts))
        print(f"{name:10} text never seen: {size / seconds / 1e6:6.1f} MB/s")


def _judged(texts: Sequence[str], detector: Detector) -> None:
    from bedrock_audit.detect.single_text import SingleText, judged

    for text in texts:
        judged(SingleText(text=text), detector)


def _timed(work: Callable[[], Said]) -> tuple[Said, float]:
    begin = time.process_time()
    done = work()
    return done, time.process_time() - begin


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log", nargs="?", type=Path, metavar="LOG")
    parser.add_argument("--records", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
