"""Collects what one body says: parts, media and facts; knows how to be careful with JSON, no model family.

A family reader gets the parsed body and a `Reading` and tells it what it finds. Log content is hostile, so every
method takes whatever JSON value stands in the place and loses no text when the type is not the expected one.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from bedrock_audit.normalise.bodies import Bodies, NoBodies
from bedrock_audit.normalise.facts import Facts, whole
from bedrock_audit.normalise.leaves import leaves, leaves_of_text, pointer
from bedrock_audit.normalise.media import payload
from bedrock_audit.normalise.noise import NOISE, is_setting
from bedrock_audit.normalise.roles import ASSISTANT, DOCUMENT, NOBODY, SYSTEM, TEXT, TOOL, TOOL_ARGUMENTS, USER
from bedrock_audit.record import NO_TURN, Direction, Media, Part, PartKind, Role

__all__ = ["Reading", "role_named", "whole"]

_ROLES = {
    "user": USER,
    "human": USER,
    "assistant": ASSISTANT,
    "model": ASSISTANT,
    "ai": ASSISTANT,
    "chatbot": ASSISTANT,
    "bot": ASSISTANT,
    "system": SYSTEM,
    "developer": SYSTEM,
    "tool": TOOL,
    "function": TOOL,
    "ipython": TOOL,
    "document": DOCUMENT,
}


def role_named(name: Any) -> Role:
    """The role a body's own word means (`human`, `CHATBOT`, `developer` …), UNKNOWN for words nobody has used yet."""
    return _ROLES.get(name) or _ROLES.get(name.lower(), NOBODY) if isinstance(name, str) else NOBODY


_NOTHING: frozenset[str] = frozenset()


class Reading(Facts):
    """What has been read of one body so far.

    `at` is the RFC 6901 pointer to the body; build locations as f"{reading.at}/messages/{i}/content". `turn` is 0 for
    a request and the answer's own turn for a response. `model` is the model id in lower case: a hint, never a proof.
    A request reader sets `turns` to the number of messages it met. Bedrock's `amazon-bedrock-*` members and guardrail
    traces have been taken out of the body before a family sees it.
    """

    def __init__(
        self, at: str, direction: Direction, *, turn: int = 0, model: str = "", bodies: Bodies | None = None
    ) -> None:
        self.at = at
        self.direction = direction
        self.turn = turn
        self.turns = 0
        self.model = model
        self.bodies: Bodies = bodies or NoBodies()
        self.parts: list[Part] = []
        self.media: list[Media] = []
        self.unknown_strings = 0

    def say(
        self,
        value: Any,
        location: str,
        *,
        role: Role,
        turn: int = NO_TURN,
        kind: PartKind = TEXT,
        offset: int = 0,
        answer: int = 0,
        is_echo: bool = False,
    ) -> None:
        """One text. A value of another type than string is walked as unknown instead, so nothing is lost."""
        if type(value) is str:
            if value:
                part = Part(role, self.direction, kind, value, location, offset, turn, answer, is_echo)
                self.parts.append(part)
        elif value is not None:
            self.walk(value, location, role=role, turn=turn, answer=answer)

    def say_json(
        self,
        value: Any,
        location: str,
        *,
        role: Role,
        turn: int = NO_TURN,
        kind: PartKind = TOOL_ARGUMENTS,
        answer: int = 0,
        skip: Set[str] = frozenset(),
        is_echo: bool = False,
    ) -> None:
        """JSON that belongs to the conversation (tool arguments, tool results, schemas): a part per string in it.

        `value` may be the parsed JSON, or a string that holds JSON (OpenAI's `arguments`, joined stream fragments):
        that becomes one part as it stands, plus a part for each string in it that escapes (`\\n`, `\\u00e9`) hide.
        Keys in `skip` are left out where they hold single words (`"type": "object"`).
        """
        if value is None:
            return
        found = leaves_of_text(value, location) if type(value) is str else leaves(value, location, skip=skip)
        for leaf in found:
            part = Part(role, self.direction, kind, leaf.text, leaf.location, 0, turn, answer, is_echo)
            self.parts.append(part)

    def walk(self, value: Any, location: str, *, role: Role = NOBODY, turn: int = NO_TURN, answer: int = 0) -> None:
        """Something no reader knows: every string in it becomes a part of kind UNKNOWN and is counted.

        Noise within it is left out, and blobs (base64 and the like) become Media of kind `blob` instead.
        """
        for leaf in leaves(value, location, skip=NOISE):
            if leaf.is_blob:
                self.show("blob", "", leaf.location, role=role, turn=turn, data=leaf.text)
                continue
            self.unknown_strings += 1
            part = Part(role, self.direction, PartKind.UNKNOWN, leaf.text, leaf.location, 0, turn, answer)
            self.parts.append(part)

    def rest(
        self,
        container: dict[str, Any],
        read: Set[str],
        location: str,
        *,
        role: Role = NOBODY,
        turn: int = NO_TURN,
        answer: int = 0,
        words: Set[str] = frozenset(),
    ) -> None:
        """Walks every member whose key is not in `read`, but for numbers and noise: call it for each object met.

        `words` are the family's own noise: keys of settings, left out where they hold single words.
        """
        if container.keys() <= read:
            return
        # In the body's own order: parts in the order of a set would differ from one process to the next.
        for key, value in container.items():
            if key in read:
                continue
            kind = type(value)
            if kind is str:
                # `is_setting`, without the calls: nearly all that is left of an object is such a word.
                if (key in NOISE or key in words) and " " not in value and value.isascii() and value.isprintable():
                    continue
            elif kind is not dict and kind is not list:
                if " " in key:
                    self.walk({key: value}, location, role=role, turn=turn, answer=answer)
                continue
            elif (key in NOISE or key in words) and is_setting(value):
                continue
            self.walk(value, f"{location}/{pointer(key)}", role=role, turn=turn, answer=answer)

    def rest_of_answer(self, container: dict[str, Any], read: Set[str], location: str) -> None:
        """The same for an object of the model's answer."""
        self.rest(container, read, location, role=ASSISTANT, turn=self.turn)

    def items(
        self, container: dict[str, Any], key: str, location: str, *, role: Role = NOBODY, turn: int = NO_TURN
    ) -> list[Any]:
        """The list at `key`, elements of any type; anything else there is walked and an empty list returned."""
        value = container.get(key)
        if type(value) is list:
            return value
        if value is not None:
            self.walk(value, f"{location}/{pointer(key)}", role=role, turn=turn)
        return []

    def objects(
        self, container: dict[str, Any], key: str, location: str, *, role: Role = NOBODY, turn: int = NO_TURN
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """Index and object of the list at `key`; elements (or a list) of another type are walked."""
        for index, item in enumerate(self.items(container, key, location, role=role, turn=turn)):
            if type(item) is dict:
                yield index, item
            elif item is not None:
                self.walk(item, f"{location}/{pointer(key)}/{index}", role=role, turn=turn)

    def object(
        self, container: dict[str, Any], key: str, location: str, *, role: Role = NOBODY, turn: int = NO_TURN
    ) -> dict[str, Any]:
        """The object at `key`; anything else there is walked and an empty object returned."""
        value = container.get(key)
        if type(value) is dict:
            return value
        if value is not None:
            self.walk(value, f"{location}/{pointer(key)}", role=role, turn=turn)
        return {}

    def counts(
        self, container: dict[str, Any], key: str, location: str, *, words: Set[str] = frozenset()
    ) -> dict[str, Any]:
        """The object of numbers at `key`; what else is in it (but for `words`), or stands in its place, is walked."""
        counts = self.object(container, key, location)
        if any(type(count) is not int or " " in name for name, count in counts.items()):
            self.rest(counts, _NOTHING, f"{location}/{key}", words=words)
        return counts

    def chunks(self, chunks: list[Any]) -> Iterator[tuple[int, dict[str, Any]]]:
        """Position and object of each chunk of a stream."""
        for position, chunk in enumerate(chunks):
            if type(chunk) is dict:
                yield position, chunk
            else:
                self.odd_chunk(chunk, f"{self.at}/{position}")

    def odd_chunk(self, chunk: Any, location: str) -> None:
        """A chunk that is no object: `"[DONE]"` is noise, anything else is walked."""
        if chunk != "[DONE]":
            self.walk(chunk, location, role=ASSISTANT, turn=self.turn)

    def show(
        self,
        kind: str,
        media_type: Any,
        location: str,
        *,
        role: Role,
        turn: int = NO_TURN,
        data: Any = None,
        where: Any = None,
        text_was_read: bool = False,
    ) -> None:
        """An image, document, video or sound: `data` is base64 or a data URI as logged, `where` an S3 URI or URL."""
        inline = payload(data)
        media = Media(
            kind=kind,
            media_type=inline.media_type or (media_type if isinstance(media_type, str) else ""),
            size=inline.size,
            where=where if isinstance(where, str) else "inline",
            role=role,
            direction=self.direction,
            location=location,
            turn=turn,
            text_was_read=text_was_read,
        )
        self.media.append(media)

    def forget(self, *, parts: int, media: int, unknown_strings: int) -> None:
        """Goes back to when there were so many of each."""
        del self.parts[parts:]
        del self.media[media:]
        self.unknown_strings = unknown_strings
