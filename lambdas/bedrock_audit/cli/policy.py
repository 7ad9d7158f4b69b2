"""`bedrock-audit policy`: shows the clauses, checks folders of clauses, writes the clause reference."""

from __future__ import annotations

from pathlib import Path

import click


@click.group(name="policy")
def policy() -> None:
    """The clauses: list them, show one, check your own, write the reference."""


@policy.command(name="check")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--clause", "wanted", multiple=True, help="Only these clauses; may be given several times.")
@click.option("--verbose", "-v", is_flag=True, help="Show what was seen for every case, not only for failing ones.")
def check(folder: Path | None, wanted: tuple[str, ...], verbose: bool) -> None:
    """Lint the clauses of FOLDER (ours, without it) and run their cases.

    Exit code 0 when all is well, 1 when a case fails, 2 when a clause cannot be used.
    """
    from bedrock_audit.detect.checking import checked

    report = checked(folder, wanted=frozenset(wanted), verbose=verbose)
    for line in report.lines:
        click.echo(line)
    raise SystemExit(1 if report.failed else 0)


if __name__ == "__main__":
    policy()
