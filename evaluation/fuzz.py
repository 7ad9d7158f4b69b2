"""Feeds the reader damaged logs until the time is up: no exception may leave it, and no line may be lost.

`python -m evaluation.fuzz [--seconds 60] [--seed N]` makes a log of all forms, damages it (bytes changed, cut out, put
in, values replaced, gzip broken), decodes and normalises it, and checks that the lines named never go backwards. What
fails is printed with the seed that shows it again.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from typing import Any

from benchmarks.busy_log import made_records

from bedrock_audit.decode import RawEntry, decode
from bedrock_audit.normalise import normalise
from bedrock_audit.normalise.bodies import NoBodies

Damage = Callable[[bytes, random.Random], bytes]
JUNK = (
    b"\x00",
    b"\xff",
    b"\\",
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b"\n",
    b"\\ud83d",
    b"9" * 400,
    b"null",
    b'{"a":' * 50,
)
VALUES: tuple[Any, ...] = (
    None,
    True,
    7,
    1e300,
    "",
    "words that were put here",
    [],
    ["words"],
    {},
    {"text": "words"},
    [[{}]],
)


def changed(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + chance.choice(JUNK) + data[at + chance.randrange(3) :]


def cut_out(data: bytes, chance: random.Random) -> bytes:
    begin = chance.randrange(len(data))
    return data[:begin] + data[begin + chance.randrange(200) :]


def cut_off(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def zipped_and_damaged(data: bytes, chance: random.Random) -> bytes:
    return chance.choice((changed, cut_off, cut_out))(gzip.compress(data, 1), chance)


def replaced(data: bytes, chance: random.Random) -> bytes:
    """A value of one record replaced by one of another type."""
    lines = data.split(b"\n")
    number = chance.randrange(len(lines))
    try:
        record = json.loads(lines[number])
    except ValueError:
        return data
    holder, key = _a_place(record, chance)
    if holder is not None:
        holder[key] = chance.choice(VALUES)
    lines[number] = json.dumps(record).encode()
    return b"\n".join(lines)


DAMAGES: tuple[Damage, ...] = (changed, changed, cut_out, cut_off, zipped_and_damaged, replaced, replaced, replaced)


def _a_place(value: Any, chance: random.Random) -> tuple[Any, Any]:
    holder, key = None, None
    while isinstance(value, dict | list) and value and (holder is None or chance.random() < 0.9):
        holder, key = value, chance.choice(list(value)) if isinstance(value, dict) else chance.randrange(len(value))
        value = holder[key]
    return holder, key


def read(data: bytes) -> Counter[str]:
    """What is read of a log, by kind; raises AssertionError if its lines go backwards."""
    counts: Counter[str] = Counter()
    line = 0
    for entry in decode(io.BytesIO(data), "fuzzed", max_entry_bytes=200_000):
        assert entry.source.line >= line, "a line came after a later one"
        line = entry.source.line
        for item in normalise(entry, NoBodies()) if isinstance(entry, RawEntry) else (entry,):
            counts[type(item).__name__] += 1
    return counts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    plain = b"\n".join(json.dumps(record).encode() for record in made_records(40))
    counts: Counter[str] = Counter()
    end, seed = time.monotonic() + options.seconds, options.seed
    while time.monotonic() < end:
        chance = random.Random(seed)
        data = plain
        for _ in range(chance.randint(1, 5)):
            data = chance.choice(DAMAGES)(data or b"{", chance)
        try:
            counts += read(data)
        except Exception:  # noqa: BLE001 - whatever leaves the reader is what this looks for
            traceback.print_exc()
            print(f"shown again by --seed {seed}")
            return 1
        seed += 1
    print(f"{seed - options.seed:,} damaged logs read: {dict(counts)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
