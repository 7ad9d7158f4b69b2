"""Whether the reader loses words: every string in recorded bodies or logs is looked for in the parts read of them.

`python -m evaluation.extraction PATH…` takes logs, and files of recorded calls (JSON Lines with `operation`, `modelId`,
`requestBody`, `responseBody` or `responseStreamEvents`), which it wraps into records first. It prints each string that
is in no part and not on the list of noise in docs/reader.md, and exits with 1 if there are any.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bedrock_audit.decode import RawEntry, decode
from bedrock_audit.normalise import normalise
from bedrock_audit.normalise.bodies import NoBodies
from bedrock_audit.normalise.leaves import Leaf, leaves
from bedrock_audit.normalise.noise import NOISE, SCHEMA_NOISE
from bedrock_audit.record import InvocationRecord, Source, Value

FAMILY_NOISE = frozenset(
    {
        *("inputContentType", "outputContentType", "qualifiers", "finishReason", "user_id", "token"),
        *("data", "bytes", "images", "image", "base64", "s3Uri", "inputBodyS3Path", "outputBodyS3Path"),
    }
)
"""Media, which are recorded as such, the caller's id, which is a fact of the record, and J2's echo by tokens."""

TRACE = re.compile(
    r"/(?:trace|amazon-bedrock-trace|amazon-bedrock-guardrailAction|guardrailConfig)\b(?!.*/modelOutput)"
)
SETTINGS = re.compile(r"/(?:toolChoice|tool_choice|inferenceConfig|[\w-]*[cC]onfig|imageGenerationConfig)/")
MARKS = re.compile(
    r"<\|[^|]*\|>|</?s>|\[/?INST\]|<</?SYS>>|\b(?:Human|Assistant|User|Bot):|</?(?:think|thinking|reasoning)>"
)


MARK_CHARACTERS = "<>/ \n"
PIECES_OF_MARKS = frozenset({"", "think", "thinking", "[DONE]"})
"""Streams cut marks anywhere: `<thinking`, `>`, `.</`."""


class Missing(Value, frozen=True):
    """A string of a record that is in none of its parts."""

    source: Source
    leaf: Leaf
    is_noise: bool


def missing(path: Path) -> Iterator[Missing]:
    """Every string of the bodies in a file that is in no part of its record."""
    with path.open("rb") as stream:
        for entry in decode(stream, str(path)):
            if isinstance(entry, RawEntry):
                yield from _missing_in(_as_record(entry))


def _as_record(entry: RawEntry) -> RawEntry:
    call = json.loads(entry.data)
    if not isinstance(call, dict) or "requestBody" not in call:
        return entry
    answer = call.get("responseStreamEvents") or call.get("responseBody")
    record = {
        "schemaType": "ModelInvocationLog",
        "operation": call.get("operation"),
        "modelId": call.get("modelId"),
        "requestId": f"line-{entry.source.line}",
        "input": {"inputBodyJson": call["requestBody"]},
        "output": {"outputBodyJson": answer},
    }
    return RawEntry(entry.source, json.dumps(record).encode())


def _missing_in(entry: RawEntry) -> Iterator[Missing]:
    logged = json.loads(entry.data)
    for record in normalise(entry, NoBodies()):
        if isinstance(record, InvocationRecord):
            for side in ("input", "output"):
                for leaf in leaves(logged.get(side), f"/{side}"):
                    if not is_read(leaf, record):
                        yield Missing(entry.source, leaf, is_noise(leaf))


def is_read(leaf: Leaf, record: InvocationRecord) -> bool:
    """True if the string, or all of the words its marks leave, or all strings of the JSON it holds, are in parts."""
    texts = [part.text for part in record.parts]
    words = leaf.text.strip(MARK_CHARACTERS)
    if (
        words in PIECES_OF_MARKS
        or any(words in text for text in texts)
        or any(leaf.location == item.location for item in record.media)
    ):
        return True
    if leaf.text in (record.stop_reason, record.end_user):
        return True
    if "modelOutput" in leaf.location:
        inner = leaves(_json(leaf.text), leaf.location)
        return all(is_read(one, record) or is_noise(one) for one in inner)
    rest = leaf.text
    for part in record.parts:
        if part.location == leaf.location:
            rest = rest.replace(part.text, " ")
    return not MARKS.sub(" ", rest).strip() if rest != leaf.text else False


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def is_noise(leaf: Leaf) -> bool:
    """True for strings on the list in docs/reader.md."""
    keys = [key for key in leaf.location.split("/") if not key.isdigit()]
    is_word = " " not in leaf.text
    listed = keys[-1] in NOISE | SCHEMA_NOISE | FAMILY_NOISE or SETTINGS.search(leaf.location) is not None
    return TRACE.search(leaf.location) is not None or (is_word and listed)


def main(paths: list[str]) -> int:
    noise: Counter[str] = Counter()
    lost = 0
    for path in paths:
        for item in missing(Path(path)):
            if item.is_noise:
                noise[item.leaf.location.rsplit("/", 1)[-1]] += 1
            else:
                lost += 1
                print(f"{path}:{item.source.line}: {item.leaf.location}: {item.leaf.text[:60]!r}")
    print(f"{lost} strings in no part; noise by key: {dict(noise.most_common())}")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
