"""Opens the stores a command works on: a local file, or with `--aws` the tables of a deployed stack."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from bedrock_audit.errors import ConfigurationError
from bedrock_audit.ports import Stores
from bedrock_audit.record import Value

DEFAULT_STORE = "bedrock-audit.db"
DEFAULT_STACK = "BedrockAudit"
_META = "bedrock_audit.stores."

Command = TypeVar("Command", bound=Callable[..., Any])


class StoreChoice(Value, frozen=True):
    """Where findings are kept: a local file, or a deployed stack reached with ordinary AWS credentials."""

    file: Path
    on_aws: bool
    profile: str | None
    region: str | None
    stack: str


def store_options(command: Command) -> Command:
    """`--store` and `--aws` with their companions, accepted by the program and by every command that needs a store."""
    for option in reversed(_options()):
        command = option(command)
    return command


def chosen_store() -> StoreChoice:
    """What the options of this run say."""
    meta = click.get_current_context().meta
    return StoreChoice(
        file=Path(meta.get(_META + "store") or DEFAULT_STORE),
        on_aws=bool(meta.get(_META + "aws")),
        profile=meta.get(_META + "profile"),
        region=meta.get(_META + "region"),
        stack=meta.get(_META + "stack") or DEFAULT_STACK,
    )


def store_reach() -> str:
    """The options with which another command finds the same store, a space before them; none for the usual one."""
    choice = chosen_store()
    if choice.on_aws:
        named = {"--region": choice.region, "--stack": choice.stack if choice.stack != DEFAULT_STACK else None}
        return " --aws" + "".join(f" {option} {shlex.quote(value)}" for option, value in named.items() if value)
    return "" if choice.file == Path(DEFAULT_STORE) else f" --store {shlex.quote(str(choice.file))}"


@contextmanager
def opened_stores(*, must_exist: bool = False) -> Iterator[Stores]:
    """The stores of this run, closed at the end.

    With `must_exist` a local store that is not there yet is an error: nothing has been audited into it.
    """
    choice = chosen_store()
    if choice.on_aws:
        with _deployed(choice) as stores:
            yield stores
    else:
        with _local(choice, must_exist=must_exist) as stores:
            yield stores


def _options() -> list[Callable[[Command], Command]]:
    def option(*names: str, **attributes: Any) -> Callable[[Command], Command]:
        return click.option(*names, callback=_remember, expose_value=False, **attributes)

    return [
        option(
            "--store",
            type=click.Path(dir_okay=False),
            envvar="BEDROCK_AUDIT_STORE",
            help=f"The local file of findings. [default: ./{DEFAULT_STORE}; env: BEDROCK_AUDIT_STORE]",
        ),
        option("--aws", is_flag=True, default=None, help="Work on a deployed stack instead of the local store."),
        option("--profile", help="With --aws: the AWS profile."),
        option("--region", help="With --aws: the Region of the stack."),
        option("--stack", envvar="BEDROCK_AUDIT_STACK", help="With --aws: its name. [default: BedrockAudit]"),
    ]


def _remember(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    if value is not None:
        ctx.meta[f"{_META}{param.name}"] = value


@contextmanager
def _local(choice: StoreChoice, *, must_exist: bool) -> Iterator[Stores]:
    from bedrock_audit.local import in_words, open_stores

    if must_exist and not choice.file.exists():
        raise ConfigurationError(
            "there is no store here yet; run `bedrock-audit audit PATH` first (or `bedrock-audit use-case apply`), "
            "or name one with --store",
            source=str(choice.file),
        )
    with in_words(), open_stores(choice.file) as stores:
        yield stores


@contextmanager
def _deployed(choice: StoreChoice) -> Iterator[Stores]:
    from bedrock_audit.aws import open_deployed_stores

    with open_deployed_stores(stack=choice.stack, profile=choice.profile, region=choice.region) as stores:
        yield stores
