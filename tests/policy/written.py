"""Clauses written for a test, loaded as somebody's own."""

from __future__ import annotations

import tempfile
from pathlib import Path
from textwrap import dedent, indent

from bedrock_audit.detect import Detector
from bedrock_audit.policy import Policy, load_policy

HEAD = """\
title: Speaks of a fox
sentence: Nobody may speak of a fox where hens listen.
policy: {kind: prohibition}
severity: medium
"""


def a_policy(body: str, *, name: str = "fox", head: str = HEAD, lexicon: str = "") -> Policy:
    """A policy of one clause with this body."""
    with tempfile.TemporaryDirectory() as folder:
        return load_policy(a_folder(Path(folder), body, name=name, head=head, lexicon=lexicon), only=frozenset({name}))


def a_folder(folder: Path, body: str, *, name: str = "fox", head: str = HEAD, lexicon: str = "") -> Path:
    """A folder with that clause in it."""
    (folder / f"{name}.yaml").write_text(head + dedent(body), encoding="utf-8")
    if lexicon:
        (folder / "lexicons").mkdir(exist_ok=True)
        (folder / "lexicons" / "own.yaml").write_text(dedent(lexicon), encoding="utf-8")
    return folder


def a_detector(body: str, **more: str) -> Detector:
    """A detector for a clause with this body."""
    return Detector(a_policy(body, **more))


def seeing(*phrases: str, rule: str = "", signal: str = "") -> str:
    """The body of a clause with one signal, `seen`, of these phrases, and one rule, `speaks`, that needs it."""
    listed = "\n".join(f"      - {phrase!r}" for phrase in phrases)
    return (
        f"signals:\n  seen:\n    phrases:\n{listed}\n{indent(dedent(signal), '    ')}\n"
        f"rules:\n  speaks:\n    score: 0.8\n    all: [seen]\n{indent(dedent(rule), '    ')}\n"
    )
