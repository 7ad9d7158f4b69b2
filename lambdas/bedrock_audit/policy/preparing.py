"""Writes what is known of every pattern beside our clauses: `python -m bedrock_audit.policy.preparing`.

Commands and tests of a checkout then start as quickly as functions do.
"""

from __future__ import annotations

from bedrock_audit.policy.known_patterns import FILE, known_patterns
from bedrock_audit.policy.loader import load_policy, own_folder


def main() -> None:
    (own_folder() / FILE).write_bytes(known_patterns(load_policy()))


if __name__ == "__main__":
    main()
