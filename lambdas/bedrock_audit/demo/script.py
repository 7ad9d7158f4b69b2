"""Reads the script of the day (who says what, how often) from `day.yaml`; knows nothing about log formats."""

from __future__ import annotations

from importlib.resources import files

import msgspec
import yaml

from bedrock_audit.record import Value


class Team(Value, frozen=True):
    """Who calls which model, and in which form."""

    arn: str
    session: str
    model: str
    form: str
    guardrail: bool = False


class Turn(Value, frozen=True):
    """One ask and its answer, with the document that was retrieved for it."""

    ask: str
    answer: str
    document: str = ""


class Conversation(Value, frozen=True):
    """Turns in order; each becomes a record that sends all earlier ones along."""

    team: str
    turns: tuple[Turn, ...]
    system: str = ""
    guardrail: bool | None = None


class Routine(Value, frozen=True):
    """An everyday ask with `{slots}`."""

    team: str
    ask: str
    answer: str
    document: str = ""

    def filled(self, words: dict[str, str]) -> Conversation:
        """The conversation with one word for each slot."""
        turn = Turn(
            ask=self.ask.format_map(words),
            answer=self.answer.format_map(words),
            document=self.document.format_map(words),
        )
        return Conversation(team=self.team, turns=(turn,))


class Script(Value, frozen=True):
    """The whole day."""

    teams: dict[str, Team]
    conversations: tuple[Conversation, ...]
    routine: tuple[Routine, ...]
    slots: dict[str, tuple[str, ...]]


def script() -> Script:
    """The script that ships with the package."""
    text = files("bedrock_audit.demo").joinpath("day.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.safe_load(text), Script)
