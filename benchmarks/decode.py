"""How fast the reader is, against the floor that gunzip, parsing and touching the text once put under it.

`python -m benchmarks.decode [--records N] [--rounds N] [--large GIGABYTES] [LOG]` makes its own log (56 MB for 5,000
records) unless one is given, reads it both ways in turns within one run, and prints MB/s of uncompressed log, records
per second, the ratio to the floor and the peak memory. `--large` reads an object of that size instead, for its memory.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
from benchmarks.busy_log import write_log
from isal import igzip

from bedrock_audit.decode import RawEntry, decode
from bedrock_audit.normalise import normalise
from bedrock_audit.normalise.bodies import NoBodies
from bedrock_audit.normalise.envelope import Envelope
from bedrock_audit.record import InvocationRecord, Value


class Round(Value, frozen=True):
    """Seconds of processor time that either way of reading took, one right after the other."""

    floor: float
    reader: float


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        if options.large:
            _measure_large(Path(folder) / "large.json.gz", gigabytes=options.large)
            return
        log = options.log or Path(folder) / "busy.json.gz"
        if not options.log:
            write_log(log, records=options.records)
        with igzip.open(log) as stream:  # type: ignore[no-untyped-call]  # isal has no types for it
            size = sum(len(piece) for piece in iter(lambda: stream.read(1 << 20), b""))
        rounds = [_timed(log) for _ in range(options.rounds)]
        records = read_by_the_reader(log)
    for name in ("floor", "reader"):
        seconds = median(getattr(one, name) for one in rounds)
        print(f"{name:8} {size / 1e6 / seconds:7.0f} MB/s {records / seconds:9,.0f} records/s")
    ratios = sorted(one.reader / one.floor for one in rounds)
    print(f"ratio    {median(ratios):7.2f} × the floor ({ratios[0]:.2f} to {ratios[-1]:.2f})")
    print(f"{size / 1e6:.1f} MB, {records:,} records; peak memory {_peak_mb():.0f} MB")


def read_at_the_floor(log: Path) -> int:
    """How many records: unzipped, parsed into dicts, every string reached and joined, nothing else."""
    decoder = msgspec.json.Decoder(Envelope)
    records = 0
    with igzip.open(log) as stream:  # type: ignore[no-untyped-call]  # isal has no types for it
        for line in stream:
            envelope = decoder.decode(line)
            texts: list[str] = []
            for side in (envelope.input, envelope.output):
                if side is not None:
                    _gather(side.body, texts)
            "".join(texts)
            records += 1
    return records


def read_by_the_reader(log: Path) -> int:
    """How many records, as the route gets them."""
    records = 0
    bodies = NoBodies()
    with log.open("rb") as stream:
        for entry in decode(stream, str(log)):
            for item in normalise(entry, bodies) if isinstance(entry, RawEntry) else ():
                if isinstance(item, InvocationRecord):
                    records += 1
    return records


def _gather(value: Any, texts: list[str]) -> None:
    """Every string of a body: whoever does not know the families has no shorter way to the text."""
    if type(value) is str:
        texts.append(value)
    elif type(value) is dict:
        for member in value.values():
            _gather(member, texts)
    elif type(value) is list:
        for member in value:
            _gather(member, texts)


def _timed(log: Path) -> Round:
    return Round(floor=_seconds(read_at_the_floor, log), reader=_seconds(read_by_the_reader, log))


def _seconds(read: Callable[[Path], int], log: Path) -> float:
    begin = time.process_time()
    read(log)
    return time.process_time() - begin


def _measure_large(path: Path, *, gigabytes: float) -> None:
    """One object of gzip members, so that making it costs little; only reading it counts for the peak."""
    size = write_log(path, records=2000)
    member = path.read_bytes()
    with path.open("ab") as log:
        for _ in range(int(gigabytes * 1e9 / size)):
            log.write(member)
    before = _peak_mb()
    begin = time.process_time()
    records = read_by_the_reader(path)
    seconds = time.process_time() - begin
    print(f"{gigabytes} GB uncompressed: {records:,} records in {seconds:.1f} s")
    print(f"peak memory {_peak_mb():.0f} MB ({before:.0f} MB before reading)")


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log", nargs="?", type=Path, metavar="LOG")
    parser.add_argument("--records", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--large", type=float, default=0.0, metavar="GIGABYTES")
    return parser.parse_args()


if __name__ == "__main__":
    main()
