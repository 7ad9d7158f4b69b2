"""What a family file offers to the dispatch: how one form of body is recognised, and who reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bedrock_audit.normalise.reading import Reading
from bedrock_audit.record import Value


class Shape(Value, frozen=True):
    """One form of body.

    `name` appears as `Body.shape` and is the family's (`converse`, `titan-text`). A body that has any of `keys` at its
    top level is a candidate; `fits(body, model)`, if given, then decides (`model` is the lower-case model id, a hint).
    `read` takes the body: an object for requests and responses, the list of chunks for streams. For streams, `keys`
    and `fits` look at one chunk. Neither may raise for any JSON value.
    """

    name: str
    keys: frozenset[str]
    read: Callable[[Any, Reading], None]
    fits: Callable[[dict[str, Any], str], bool] | None = None


class Family(Value, frozen=True):
    """The forms one model family has; each file in `families/` exports one as `FAMILY`."""

    requests: tuple[Shape, ...] = ()
    responses: tuple[Shape, ...] = ()
    streams: tuple[Shape, ...] = ()
