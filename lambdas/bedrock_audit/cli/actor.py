"""Who makes a change and why: `--as` and `--reason`, or the AWS identity or user name that runs the command."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from bedrock_audit.cli.stores import chosen_store
from bedrock_audit.errors import BedrockAuditError

LONGEST_NAME = 256
LONGEST_REASON = 1000

Command = TypeVar("Command", bound=Callable[..., Any])


def actor_options(command: Command) -> Command:
    """`--as` (given to the command as `actor`) and `--reason`, for a command that changes something."""
    reason = click.option("--reason", required=True, callback=_said, help="Why; kept with the change.")
    return actor_option(reason(command))


def actor_option(command: Command) -> Command:
    """`--as` alone; given to the command as `actor`."""
    return click.option(
        "--as", "actor", help="Who makes the change. [default: your user name, with --aws your AWS identity]"
    )(command)


def acting(actor: str | None) -> str:
    """The name to keep with a change."""
    if actor and actor.strip():
        return _short(actor.strip(), LONGEST_NAME, option="--as")
    choice = chosen_store()
    if not choice.on_aws:
        return getpass.getuser()
    from bedrock_audit.aws.identity import caller_arn

    return caller_arn(profile=choice.profile, region=choice.region)


def is_attended() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def _said(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    if not value.strip():
        raise BedrockAuditError("--reason must say why")
    return _short(value.strip(), LONGEST_REASON, option="--reason")


def _short(text: str, longest: int, *, option: str) -> str:
    if len(text) > longest:
        raise BedrockAuditError(f"{option} is longer than {longest} characters; say it shorter and refer to a ticket")
    return text
