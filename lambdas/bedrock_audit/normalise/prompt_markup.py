"""Turns a prompt that carries a whole conversation as markup into its turns; knows the marks, nothing about bodies.

The marks are those of the models' chat templates: Claude's `Human:`/`Assistant:`, Mistral's and Llama 2's `[INST]`,
Llama 3's headers, ChatML (Qwen and many imported models), DeepSeek's, Gemma's, Phi's and gpt-oss's. Only these exact
marks are left out of the text, so that nothing can be hidden inside something that looks like one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from bedrock_audit.normalise.roles import ASSISTANT, REASONING, SYSTEM, TEXT, TOOL, TOOL_DEFINITION, USER
from bedrock_audit.record import NO_TURN, PartKind, Role, Value


class Said(Value, frozen=True, gc=False):
    """A stretch of a prompt: `offset` counts characters from the prompt's beginning; the marks are left out."""

    role: Role
    turn: int
    offset: int
    text: str


class Thought(Value, frozen=True, gc=False):
    """A stretch of an answer that is either reasoning or what is said."""

    kind: PartKind
    offset: int
    text: str


def turns(prompt: str) -> tuple[Said, ...]:
    """The prompt's turns, system text with NO_TURN; a prompt without marks is one turn of the user's, unchanged."""
    marks = _marks_in(prompt)
    if marks is None:
        return (Said(role=USER, turn=0, offset=0, text=prompt),)
    return tuple(_said(prompt, marks))


def titan_turns(prompt: str) -> tuple[Said, ...]:
    """The same for Titan, whose conversations are of `User:` and `Bot:` and end where the bot is to speak."""
    if prompt.rstrip().endswith("\nBot:"):
        return tuple(_said(prompt, _colon_marks(prompt, _TITAN_COLONS)))
    return (Said(USER, 0, 0, prompt),)


def thoughts(answer: str) -> tuple[Thought, ...]:
    """An answer with the reasoning it opens with apart; DeepSeek-R1 leaves out the opening tag."""
    if "<" not in answer:
        return (Thought(kind=TEXT, offset=0, text=answer),)
    opening = _OPENING.match(answer)
    closing = f"</{opening.group(1)}>" if opening else "</think>"
    end = answer.find(closing)
    if end < 0:
        kind = REASONING if opening else TEXT
        return (Thought(kind=kind, offset=0, text=answer),)
    begin = opening.end() if opening else 0
    pieces = ((REASONING, begin, end), (TEXT, end + len(closing), len(answer)))
    return tuple(
        Thought(kind=kind, offset=start, text=answer[start:stop])
        for kind, start, stop in pieces
        if answer[start:stop].strip()
    )


_OPENING = re.compile(r"\s*<(think|thinking|reasoning)>")

_NAMED = r"(?P<{}>system|developer|user|human|assistant|model|tool|ipython|function)"
# A pattern for each first character: `finditer` hops to one character, but looks at every place for one of two.
_ANGLED = re.compile(
    r"<(?:"
    rf"\|start_header_id\|>\s*{_NAMED.format('llama')}\s*<\|end_header_id\|>"
    rf"|\|header_start\|>\s*{_NAMED.format('llama4')}\s*<\|header_end\|>"
    rf"|\|im_start\|>\s*{_NAMED.format('chatml')}"
    rf"|\|start\|>{_NAMED.format('harmony')}"
    rf"|start_of_turn>\s*{_NAMED.format('gemma')}"
    r"|\|(?P<phi>system|user|assistant|tool|observation)\|>"
    r"|</?SYS>>|/?s>|bos>|eos>|start_of_turn>|end_of_turn>"
    r"|｜(?:User|Assistant|(?:begin|end)▁of▁sentence|tool▁(?:calls?|outputs?)▁(?:begin|end)|tool▁sep)｜>"
    r"|\|(?P<cohere>SYSTEM|USER|CHATBOT)_TOKEN\|>|(?:BOS_TOKEN|\|(?:START|END)_OF_TURN_TOKEN\|)>"
    r"|\|(?:begin_of_text|end_of_text|eot(?:_id)?|eom(?:_id)?|im_start|im_end|start|end|message|channel|return|call"
    r"|python_start|python_end)\|>)"
).finditer
_SQUARE = re.compile(r"\[(?:/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_RESULTS)|TOOL_CALLS)\]").finditer
_TELLING_ANGLED = re.compile(
    r"<(?:\|(?:im_start|start_header_id|header_start|start|user|USER_TOKEN)\||start_of_turn>|｜User｜>)"
).search
_TELLING_SQUARE = re.compile(r"\[(?:INST|SYSTEM_PROMPT)\]").search
_COLONS = re.compile(r"[HA](?:(?<=H)uman|(?<=A)ssistant):")
_TITAN_COLONS = re.compile(r"[UB](?:(?<=U)ser|(?<=B)ot):")
_INDENT = 8

_ROLES = {
    "system": SYSTEM,
    "developer": SYSTEM,
    "user": USER,
    "human": USER,
    "assistant": ASSISTANT,
    "model": ASSISTANT,
    "tool": TOOL,
    "observation": TOOL,
    "ipython": TOOL,
    "function": TOOL,
    "SYSTEM": SYSTEM,
    "USER": USER,
    "CHATBOT": ASSISTANT,
}
_OPENS = {
    "Human:": USER,
    "Assistant:": ASSISTANT,
    "User:": USER,
    "Bot:": ASSISTANT,
    "[INST]": USER,
    "[/INST]": ASSISTANT,
    "<<SYS>>": SYSTEM,
    "<</SYS>>": USER,
    "[SYSTEM_PROMPT]": SYSTEM,
    "[/SYSTEM_PROMPT]": USER,
    "[AVAILABLE_TOOLS]": TOOL_DEFINITION,
    "[/AVAILABLE_TOOLS]": USER,
    "[TOOL_CALLS]": ASSISTANT,
    "[TOOL_RESULTS]": TOOL,
    "[/TOOL_RESULTS]": ASSISTANT,
    "<｜User｜>": USER,
    "<｜Assistant｜>": ASSISTANT,
    "<｜tool▁output▁begin｜>": TOOL,
}
_FRAMING = frozenset({SYSTEM, TOOL_DEFINITION})


def _marks_in(prompt: str) -> Iterable[re.Match[str]] | None:
    if _TELLING_ANGLED(prompt) or ("[" in prompt and _TELLING_SQUARE(prompt)):
        square = list(_SQUARE(prompt)) if "[" in prompt else []
        return sorted((*_ANGLED(prompt), *square), key=re.Match.start) if square else _ANGLED(prompt)
    if "\n\nHuman:" in prompt or prompt.lstrip().startswith("Human:"):
        return _colon_marks(prompt, _COLONS)
    return None


def _colon_marks(prompt: str, colons: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """`Human:` and `Assistant:`, or `User:` and `Bot:`, where a line begins, and the one that a prompt ends in."""
    end = len(prompt.rstrip())
    for mark in colons.finditer(prompt):
        before = prompt[max(0, mark.start() - _INDENT) : mark.start()].rstrip(" \t")
        begins_line = before.endswith("\n") or (not before and mark.start() <= _INDENT)
        if begins_line or (mark.end() == end and prompt[mark.start() - 1].isspace()):
            yield mark


def _said(prompt: str, marks: Iterable[re.Match[str]]) -> Iterator[Said]:
    """The stretches between the marks; what stands before the first one frames the conversation."""
    role, begin, turn, spoken_as, whole = SYSTEM, 0, -1, None, len(prompt)
    for mark in chain(marks, (None,)):
        end, after = mark.span() if mark else (whole, whole)
        if begin < end and (text := prompt[begin:end].strip()):
            if role is not spoken_as and role not in _FRAMING:
                turn += 1
                spoken_as = role
            yield Said(role, NO_TURN if role in _FRAMING else turn, prompt.index(text[0], begin), text)
        role, begin = _role_after(mark, before=role) if mark else role, after


def _role_after(mark: re.Match[str], *, before: Role) -> Role:
    """Who speaks after a mark; one that names nobody (an end of text) leaves the speaker as it was."""
    if mark.lastgroup:
        return _ROLES[mark[mark.lastgroup]]
    return _OPENS.get(mark[0], before)
