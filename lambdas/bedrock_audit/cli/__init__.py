"""The command line: `bedrock-audit COMMAND`; each command is a module of this folder, imported when asked for."""

from __future__ import annotations

import importlib
from difflib import get_close_matches
from importlib.util import find_spec
from typing import Any

import click

from bedrock_audit import __version__
from bedrock_audit.cli.ending import told
from bedrock_audit.cli.output import output_option, print_anything
from bedrock_audit.cli.stores import store_options

EXIT_FINDINGS = 1
EXIT_INCOMPLETE = 3

COMMANDS = {
    "audit": "audit:audit",
    "records": "records:records",
    "check-text": "check_text:check_text",
    "findings": "findings:findings",
    "use-case": "use_case:use_case",
    "review": "review:review",
    "suppression": "suppression:suppression",
    "policy": "policy:policy",
    "coverage": "coverage:coverage",
    "demo": "demo:demo",
    "backfill": "backfill:backfill",
    "redrive": "redrive:redrive",
    "test-alert": "test_alert:test_alert",
}
"""Command name to `module:attribute`, in the order of a first day with the tool."""


class Program(click.Group):
    """The group of all commands: loads them late, turns our own errors into one line and exit code 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return [name for name, place in COMMANDS.items() if find_spec(f"{__name__}.{place.partition(':')[0]}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module, attribute = COMMANDS[cmd_name].split(":")
        command = getattr(importlib.import_module(f"bedrock_audit.cli.{module}"), attribute)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            known = self.list_commands(ctx)
            near = [f"did you mean {name}? " for name in get_close_matches(args[0], known, n=1)]
            raise click.UsageError(
                f"there is no command {args[0]!r}; {''.join(near)}there are: {', '.join(known)}", ctx
            ) from error

    def make_context(self, *arguments: Any, **more: Any) -> click.Context:
        print_anything()
        with told():
            return super().make_context(*arguments, **more)

    def invoke(self, ctx: click.Context) -> Any:
        with told():
            return super().invoke(ctx)


@click.command(
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Start here:
  bedrock-audit demo                        see everything on made-up logs
  bedrock-audit audit logs/                 audit a folder of log files
  bedrock-audit findings list               what was found
  bedrock-audit findings show ID            one finding, and why
\b
Exit codes: 0 done; 1 findings at or above --fail-on; 2 usage or configuration error;
3 the input could not be audited in full.""",
)
@click.version_option(__version__, prog_name="bedrock-audit")
@output_option
@store_options
def main() -> None:
    """Audit the use of Amazon Bedrock against the AWS Responsible AI Policy.

    Reads model-invocation logs (every prompt and completion), finds violations of the policy's prohibitions and
    consequential decisions made outside an approved use case, and says what it could not see.
    """
