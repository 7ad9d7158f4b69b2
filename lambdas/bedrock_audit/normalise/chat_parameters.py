"""Reads what a request in OpenAI's forms carries beside the conversation: tools, stop words, schemas, the end user."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from bedrock_audit.normalise.noise import SCHEMA_NOISE, is_word
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.roles import NOBODY, PARAMETER
from bedrock_audit.normalise.tools import read_tools

_TOOLS = ("tools", "functions")
_PARAMETERS = ("stop", "stop_sequences", "response_format", "text", "guided_json", "guided_choice", "metadata")
_END_USER = ("user", "safety_identifier")
_CHOICES = (
    "tool_choice",
    "function_call",
    "reasoning",
    "reasoning_effort",
    "verbosity",
    "modalities",
    "truncation",
    "include",
    "previous_response_id",
    "prompt_cache_key",
    "prompt_cache_retention",
    "prompt_cache_options",
    "stream_options",
    "audio",
    "web_search_options",
    "citation_options",
    "safety_mode",
    "thinking",
    "chat_template_kwargs",
    "conversation",
    "context_management",
    "background_options",
)
_KEYS = (*_TOOLS, *_PARAMETERS, *_CHOICES, *_END_USER)
READ = frozenset(_KEYS)


def read_parameters(body: dict[str, Any], reading: Reading) -> None:
    """Tool definitions, and settings that hold more than a word; `READ` names what the caller need not read."""
    if READ.isdisjoint(body):
        return
    for key in _KEYS:
        if key in body:
            _read_parameter(key, body[key], f"{reading.at}/{key}", reading)


def read_echoes(body: dict[str, Any], at: str, reading: Reading) -> None:
    """The same where a response gives them back."""
    for key in _KEYS:
        value, place = body.get(key), f"{at}/{key}"
        if key in _TOOLS:
            read_tools(value, place, reading, is_echo=True)
        elif not is_word(value):
            reading.say_json(value, place, role=NOBODY, kind=PARAMETER, skip=SCHEMA_NOISE, is_echo=True)


def _read_parameter(key: str, value: Any, at: str, reading: Reading) -> None:
    if key in _TOOLS:
        read_tools(value, at, reading)
    elif key in _PARAMETERS:
        _say_parameter(value, at, reading)
    elif key in _END_USER:
        if type(value) is str and not reading.end_user:
            reading.end_user = value
        if not is_word(value):
            reading.walk(value, at)
    elif not is_word(value):
        _say_parameter(value, at, reading, skip=frozenset(value) if type(value) is dict else frozenset())


def _say_parameter(value: Any, at: str, reading: Reading, *, skip: Set[str] = frozenset()) -> None:
    reading.say_json(value, at, role=NOBODY, kind=PARAMETER, skip=SCHEMA_NOISE | skip)
