"""Ends a run that cannot go on: one clear line on standard error, and the exit code that says why."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

import click

from bedrock_audit.cli.output import harmless
from bedrock_audit.errors import BedrockAuditError

EXIT_USAGE = 2
EXIT_INTERRUPTED = 130
EXIT_PIPE_CLOSED = 141
"""As shells count: 128 and the signal. Click's own 1 would mean that there are findings."""

AWS_PACKAGES = frozenset({"boto3", "botocore"})


class Refusal(click.ClickException):
    """One clear line on standard error, and exit code 2."""

    exit_code = EXIT_USAGE

    def format_message(self) -> str:
        return harmless(self.message)

    def show(self, file: IO[Any] | None = None) -> None:
        """Where standard error is closed or nobody reads it, the exit code has to say it alone."""
        if sys.stderr is not None:
            with suppress(BrokenPipeError):
                super().show(file)


@contextmanager
def told() -> Iterator[None]:
    """What a person can do something about, in one line; the rest propagates."""
    try:
        with _aws_in_words():
            yield
    except BedrockAuditError as error:
        raise Refusal(str(error)) from error
    except ModuleNotFoundError as error:
        if error.name not in AWS_PACKAGES:
            raise
        raise Refusal("this needs the AWS SDK; install it with `pip install 'bedrock-audit[aws]'`") from error
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        raise Refusal(_with_hint(error)) from error
    except (KeyboardInterrupt, click.Abort) as error:
        click.echo("\nstopped", err=True)
        raise SystemExit(EXIT_INTERRUPTED) from error
    except OSError as error:
        if error.errno == errno.EPIPE:
            _say_no_more()
            raise SystemExit(EXIT_PIPE_CLOSED) from error
        if error.filename is None and error.errno != errno.ENOSPC:
            raise
        place = f"{os.fsdecode(error.filename)}: " if error.filename else ""
        raise Refusal(f"{place}{error.strerror}") from error


@contextmanager
def _aws_in_words() -> Iterator[None]:
    try:
        yield
    except _aws_errors() as error:
        from bedrock_audit.aws.trouble import sentence

        raise BedrockAuditError(sentence(error)) from error


def _aws_errors() -> tuple[type[Any], ...]:
    """What only AWS's SDK raises; nothing while no command has loaded it."""
    if "botocore.exceptions" not in sys.modules:
        return ()
    from bedrock_audit.aws.trouble import ERRORS

    return ERRORS


def _with_hint(error: click.UsageError) -> str:
    message = error.format_message().rstrip(".")
    return f"{message}; see `{error.ctx.command_path} --help`" if error.ctx else message


def _say_no_more() -> None:
    """Nobody reads any longer; what is still buffered would only be complained about at the very end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
