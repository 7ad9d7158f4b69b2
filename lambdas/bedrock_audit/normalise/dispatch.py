"""Chooses the reader of a body by its shape; the model id is only a hint, since ARNs and endpoints hide the family."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bedrock_audit.normalise.families import (
    ai21_j2,
    amazon_image,
    anthropic_messages,
    anthropic_text,
    async_invocation,
    cohere_chat,
    cohere_chat_v2,
    cohere_embed,
    cohere_generate,
    completion,
    converse,
    fallback,
    llama,
    luma,
    mistral_text,
    nova_embedding,
    nova_reel,
    nova_sonic,
    openai_chat,
    openai_responses,
    rerank,
    sagemaker,
    service_error,
    stability_image,
    stability_xl,
    titan_embedding,
    titan_text,
    twelvelabs_marengo,
    twelvelabs_pegasus,
)
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.record import Value

FAMILIES: tuple[Family, ...] = (
    converse.FAMILY,
    cohere_chat_v2.FAMILY,
    anthropic_messages.FAMILY,
    llama.FAMILY,
    twelvelabs_marengo.FAMILY,
    titan_embedding.FAMILY,
    titan_text.FAMILY,
    nova_embedding.FAMILY,
    nova_reel.FAMILY,
    luma.FAMILY,
    stability_xl.FAMILY,
    stability_image.FAMILY,
    amazon_image.FAMILY,
    nova_sonic.FAMILY,
    rerank.FAMILY,
    anthropic_text.FAMILY,
    mistral_text.FAMILY,
    ai21_j2.FAMILY,
    cohere_chat.FAMILY,
    cohere_generate.FAMILY,
    cohere_embed.FAMILY,
    twelvelabs_pegasus.FAMILY,
    openai_responses.FAMILY,
    completion.FAMILY,
    openai_chat.FAMILY,
    sagemaker.FAMILY,
    async_invocation.FAMILY,
    service_error.FAMILY,
)
"""In order of precedence: where two shapes fit one body, the family named first reads it."""

_READER_TROUBLE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


_FORMS_REMEMBERED = 1024
_MOST_KEYS = 40


class _Ranked(Value, frozen=True):
    rank: int
    shape: Shape


class _Table:
    """Shapes by the keys that make a body a candidate, so that a body is looked at once and not by 25 readers."""

    def __init__(self, shapes: Iterable[Shape]) -> None:
        self._by_key: dict[str, list[_Ranked]] = {}
        self._seen: dict[tuple[str, ...], tuple[Shape, ...]] = {}
        for rank, shape in enumerate(shapes):
            for key in shape.keys:
                self._by_key.setdefault(key, []).append(_Ranked(rank, shape))

    def shape_of(self, body: Any, model: str) -> Shape | None:
        """The first shape, in order of precedence, that the body's keys name and that fits it."""
        if type(body) is not dict:
            return None
        keys = tuple(body)
        shapes = self._seen.get(keys)
        if shapes is None:
            shapes = self._remembered(keys)
        for shape in shapes:
            if shape.fits is None or shape.fits(body, model):
                return shape
        return None

    def _remembered(self, keys: tuple[str, ...]) -> tuple[Shape, ...]:
        """The candidates for a body with these keys; bodies come in few forms, and hostile ones are forgotten again."""
        found = {ranked.rank: ranked.shape for key in keys for ranked in self._by_key.get(key, ())}
        shapes = tuple(found[rank] for rank in sorted(found))
        if len(keys) <= _MOST_KEYS:
            if len(self._seen) >= _FORMS_REMEMBERED:
                self._seen.clear()
            self._seen[keys] = shapes
        return shapes


_REQUESTS = _Table(shape for family in FAMILIES for shape in family.requests)
_RESPONSES = _Table(shape for family in FAMILIES for shape in family.responses)
_STREAMS = _Table(shape for family in FAMILIES for shape in family.streams)


def read_request(body: Any, reading: Reading) -> str:
    """Tells `reading` everything a request body says; returns the name of the shape."""
    if type(body) is dict and type(body.get(async_invocation.INNER)) is dict:
        async_invocation.read_around(body, reading)
        body = body[async_invocation.INNER]
    if type(body) is not list:
        return _read(body, reading, shape=_REQUESTS.shape_of(body, reading.model))
    # Only a form that is the same in both directions (Nova Sonic's events) is a list when it asks.
    first = body[0] if body else None
    shape = _REQUESTS.shape_of(first, reading.model)
    return _read(body, reading, shape=shape if shape is _STREAMS.shape_of(first, reading.model) else None)


def read_response(body: Any, reading: Reading) -> str:
    """Tells `reading` everything a response (object or list of chunks) says; returns the name of the shape."""
    if type(body) is list:
        return _read_list(body, reading)
    return _read(body, reading, shape=_RESPONSES.shape_of(body, reading.model))


def _read_list(chunks: list[Any], reading: Reading) -> str:
    for chunk in chunks:
        if shape := _STREAMS.shape_of(chunk, reading.model):
            return _read(chunks, reading, shape=shape)
    return _read_whole_responses(chunks, reading)


def _read_whole_responses(responses: list[Any], reading: Reading) -> str:
    """A list whose elements are no chunks of a stream: each is read as a response of its own."""
    at, names = reading.at, []
    for position, body in enumerate(responses):
        reading.at = f"{at}/{position}"
        names.append(_read(body, reading, shape=_RESPONSES.shape_of(body, reading.model)))
    reading.at = at
    return next((name for name in names if name != fallback.NAME), fallback.NAME)


def _read(body: Any, reading: Reading, *, shape: Shape | None) -> str:
    if shape is not None:
        parts, media, unknown = len(reading.parts), len(reading.media), reading.unknown_strings
        try:
            shape.read(body, reading)
        except _READER_TROUBLE as trouble:
            # A body that trips its reader is still read, by the fallback, and says so: hostile input must not stop
            # the object, nor hide in the reader's mistake.
            reading.forget(parts=parts, media=media, unknown_strings=unknown)
            reading.problem(f"the {shape.name} reader gave up ({type(trouble).__name__}): read as unknown")
        else:
            return shape.name
    fallback.read(body, reading)
    return fallback.NAME
