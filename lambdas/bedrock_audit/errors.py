"""The errors a person can act on; everything expected is a value instead."""

from __future__ import annotations


class BedrockAuditError(Exception):
    """Base of what the command line reports as one line and exit code 2."""


class ConfigurationError(BedrockAuditError):
    """A setting, clause or use case that cannot be used; names its source so that it can be mended.

    `source` is a file, an environment variable or a context key; `line` counts from 1; `key` is a dotted path.
    """

    def __init__(self, message: str, *, source: str, line: int | None = None, key: str | None = None) -> None:
        place = source if line is None else f"{source}:{line}"
        super().__init__(f"{place}: {key}: {message}" if key else f"{place}: {message}")
        self.message = message
        self.source = source
        self.line = line
        self.key = key


class LogUnreadableError(ConfigurationError):
    """A log object that is there and cannot be read; the others can."""


class ConflictError(BedrockAuditError):
    """Somebody else changed the item since it was read; read it again and decide anew."""
