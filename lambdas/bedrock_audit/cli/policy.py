"""`bedrock-audit policy`: shows the clauses, checks folders of clauses, writes the clause reference."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from bedrock_audit.cli.output import Column, Format, output_format, output_option, print_json, print_rows
from bedrock_audit.detect.checking import ClauseReport, checked
from bedrock_audit.errors import ConfigurationError
from bedrock_audit.policy import Clause, load_policy
from bedrock_audit.policy.frameworks import mapped
from bedrock_audit.policy.loader import own_folder
from bedrock_audit.policy.reference import reference
from bedrock_audit.policy.schema import schema

EXIT_WRONG = 1
_LISTED = (
    Column("id", "Clause", whole=True),
    Column("title", "Says", width=60),
    Column("severity", "Severity", whole=True),
    Column("stage", "Stage", whole=True),
    Column("languages", "Languages", detail=True),
    Column("rules", "Rules", right=True),
    Column("clause", "Stands for", detail=True),
    Column("domain", "Domain", detail=True),
    Column("kind", "Kind", detail=True),
    Column("source", "File", detail=True),
)
_CHECKED = (
    Column("clause", "Clause"),
    Column("must_match", "Must match", right=True),
    Column("must_not_match", "Must not match", right=True),
    Column("wrong", "Wrong", right=True),
    Column("warnings", "Warnings"),
)
_clauses = click.option(
    "--clauses", type=click.Path(path_type=Path), help="A folder of your own clauses, used with and before ours."
)


@click.group(
    name="policy",
    epilog="""\b
Examples:
  bedrock-audit policy list                          the clauses in force
  bedrock-audit policy check my-clauses/             lint your own and run their cases
  bedrock-audit policy show minor-harm               one clause
  bedrock-audit policy docs --out clauses.md         the reference""",
)
def policy() -> None:
    """The clauses: list them, show one, check your own, write the reference."""


@policy.command(name="list")
@_clauses
@output_option
def list_(clauses: Path | None) -> None:
    """List the clauses in force."""
    print_rows(
        [_row(clause) for clause in load_policy(clauses).clauses], columns=_LISTED, empty="No clause is in force."
    )


@policy.command(name="show")
@click.argument("clause_id", metavar="ID")
@_clauses
@output_option
def show(clause_id: str, clauses: Path | None) -> None:
    """Show one clause: what it stands for, how it decides, where other frameworks speak of it."""
    found = load_policy(clauses).by_id.get(clause_id)
    if found is None:
        raise ConfigurationError(f"there is no clause {clause_id!r}; see `bedrock-audit policy list`", source="policy")
    if output_format() is Format.JSON:
        print_json(
            {**_row(found), "sentence": found.sentence, "mappings": found.mappings, "rule_details": _rules(found)}
        )
        return
    for line in _told(found):
        click.echo(line)


@policy.command(name="check")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--clause", "wanted", multiple=True, metavar="ID", help="Only this clause; may be given several times.")
@click.option("--verbose", "-v", is_flag=True, help="Show what was seen for every case, not only for those gone wrong.")
@output_option
def check(folder: Path | None, wanted: tuple[str, ...], verbose: bool) -> None:
    """Lint the clauses of FOLDER (ours, without it) and run their cases.

    Exit code 0 when all is well, 1 when a case comes out wrong, 2 when a clause cannot be used.
    """
    known = {path.stem for path in (folder or own_folder() / "clauses").glob("*.yaml")}
    for missing in sorted(set(wanted) - known):
        raise ConfigurationError(f"there is no clause {missing!r}", source=str(folder or "our clauses"))
    reports = list(checked(folder, wanted=frozenset(wanted), every=verbose))
    if wanted and not reports:
        click.echo(f"switched off, so there is nothing to check: {', '.join(wanted)}", err=True)
    if output_format() is Format.TABLE:
        for line in _check_lines(reports):
            click.echo(line)
    elif output_format() is Format.JSON:
        print_json(reports)
    else:
        print_rows([_checked_row(report) for report in reports], columns=_CHECKED, empty="")
    if any(one.trouble for report in reports for one in report.wrong):
        raise SystemExit(EXIT_WRONG)


@policy.command(name="docs")
@click.option("--out", type=click.Path(path_type=Path), help="The file to write; standard output without it.")
@click.option(
    "--cases",
    "cases",
    type=click.IntRange(0),
    default=4,
    show_default=True,
    help="Sample cases per clause and kind.",
)
@_clauses
def docs(out: Path | None, cases: int, clauses: Path | None) -> None:
    """Write the clause reference in Markdown: sentences, mappings, counts and samples of cases."""
    text = reference(clauses, samples=cases)
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")


@policy.command(name="schema")
def schema_() -> None:
    """Print the JSON Schema of a clause file, for editors that complete and check YAML."""
    click.echo(msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode())


def _row(clause: Clause) -> dict[str, Any]:
    return {
        "id": clause.id,
        "title": clause.title,
        "severity": clause.severity,
        "stage": clause.stage,
        "languages": list(clause.languages),
        "rules": len(clause.rules),
        "clause": clause.clause,
        "domain": clause.domain,
        "kind": clause.kind,
        "source": clause.source,
    }


def _checked_row(report: ClauseReport) -> dict[str, Any]:
    return {
        "clause": report.clause,
        "must_match": report.must_match,
        "must_not_match": report.must_not_match,
        "wrong": sum(bool(one.trouble) for one in report.wrong),
        "warnings": "; ".join(report.warnings),
    }


def _rules(clause: Clause) -> list[dict[str, Any]]:
    return [{"id": rule.id, "score": rule.score, "says": rule.says} for rule in clause.rules]


def _told(clause: Clause) -> Iterator[str]:
    yield f"{clause.id}: {clause.title}"
    yield clause.sentence
    yield f"{clause.kind}, severity {clause.severity}, {clause.stage}, languages {', '.join(clause.languages)}"
    for one in mapped(clause.mappings):
        yield f"  {one.framework}: {'; '.join(one.places)}"
    for rule in clause.rules:
        yield f"  {rule.score:.2f}  {rule.id}: {rule.says}"
    yield clause.source


def _check_lines(reports: list[ClauseReport]) -> Iterator[str]:
    cases = wrong = 0
    for report in reports:
        count = report.must_match + report.must_not_match
        troubles = [one for one in report.wrong if one.trouble]
        yield f"{report.clause}: {count - len(troubles)} of {count} cases as they should be"
        yield from (f"  warning: {warning}" for warning in report.warnings)
        for one in report.wrong:
            yield f"  line {one.line}, {one.expected}: {one.text!r} -> {one.trouble or 'as it should'}"
            yield from (f"      {line}" for line in one.seen)
        cases += count
        wrong += len(troubles)
    yield f"{cases} cases, {wrong} wrong"
