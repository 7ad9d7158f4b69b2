"""Turns a prompt that carries a whole conversation as markup into its turns; knows the marks, nothing about bodies.

The marks are those of the models' chat templates: Claude's `Human:`/`Assistant:`, Mistral's and Llama 2's `[INST]`,
Llama 3's headers, ChatML (Qwen and many imported models), DeepSeek's, Gemma's, Phi's and gpt-oss's. Only these exact
marks are left out of the text, so that nothing can be hidden inside something that looks like one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedrock_audit.record import NO_TURN, PartKind, Role, Value


class Said(Value, frozen=True):
    """A stretch of a prompt: `offset` counts characters from the prompt's beginning; the marks are left out."""

    role: Role
    turn: int
    offset: int
    text: str


class Thought(Value, frozen=True):
    """A stretch of an answer that is either reasoning or what is said."""

    kind: PartKind
    offset: int
    text: str


def turns(prompt: str) -> tuple[Said, ...]:
    """The prompt's turns, system text with NO_TURN; a prompt without marks is one turn of the user's, unchanged."""
    marks = _marks_of(prompt)
    if marks is None:
        return (Said(role=Role.USER, turn=0, offset=0, text=prompt),)
    return tuple(_said(prompt, marks))


def thoughts(answer: str) -> tuple[Thought, ...]:
    """An answer with the reasoning it opens with apart; DeepSeek-R1 leaves out the opening tag."""
    opening = _OPENING.match(answer)
    closing = _CLOSING[opening.group(1) if opening else "think"].search(answer)
    if closing is None:
        kind = PartKind.REASONING if opening else PartKind.TEXT
        return (Thought(kind=kind, offset=0, text=answer),)
    begin = opening.end() if opening else 0
    pieces = ((PartKind.REASONING, begin, closing.start()), (PartKind.TEXT, closing.end(), len(answer)))
    return tuple(
        Thought(kind=kind, offset=start, text=answer[start:end])
        for kind, start, end in pieces
        if answer[start:end].strip()
    )


_OPENING = re.compile(r"\s*<(think|thinking|reasoning)>")
_CLOSING = {tag: re.compile(f"</{tag}>") for tag in ("think", "thinking", "reasoning")}

_NAMED = r"(?P<{}>system|developer|user|human|assistant|model|tool|ipython|function)"
_TOKENS = re.compile(
    rf"<\|start_header_id\|>\s*{_NAMED.format('llama')}\s*<\|end_header_id\|>"
    rf"|<\|im_start\|>\s*{_NAMED.format('chatml')}"
    rf"|<\|start\|>{_NAMED.format('harmony')}"
    rf"|<start_of_turn>\s*{_NAMED.format('gemma')}"
    r"|<\|(?P<phi>system|user|assistant|tool)\|>"
    r"|(?P<mark>\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_RESULTS)\]|\[TOOL_CALLS\]|<</?SYS>>"
    r"|<｜(?:User|Assistant|(?:begin|end)▁of▁sentence|tool▁(?:calls?|outputs?)▁(?:begin|end)|tool▁sep)｜>"
    r"|<\|(?:begin_of_text|end_of_text|eot_id|eom_id|im_start|im_end|start|end|message|channel|return|call)\|>"
    r"|<start_of_turn>|<end_of_turn>|</?s>|<bos>|<eos>)"
)
_TELLS_TOKENS = re.compile(
    r"\[INST\]|<\|(?:im_start|start_header_id|start|user)\|>|<start_of_turn>|<｜User｜>|\[SYSTEM_PROMPT\]"
)
# A look-behind and no `\s*` after a line break: a prompt of a million spaces or line breaks must stay linear.
_COLONS = re.compile(r"(?:\A\s*|\n[ \t]*)(?P<colon>Human|Assistant):|(?<=[ \t])(?P<last>Assistant):(?=\s*\Z)")
_TELLS_COLONS = re.compile(r"(?:\A\s*|\n\n[ \t]*)Human:")

_ROLES = {
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "user": Role.USER,
    "human": Role.USER,
    "assistant": Role.ASSISTANT,
    "model": Role.ASSISTANT,
    "tool": Role.TOOL,
    "ipython": Role.TOOL,
    "function": Role.TOOL,
}
_OPENS = {
    "[INST]": Role.USER,
    "[/INST]": Role.ASSISTANT,
    "<<SYS>>": Role.SYSTEM,
    "<</SYS>>": Role.USER,
    "[SYSTEM_PROMPT]": Role.SYSTEM,
    "[/SYSTEM_PROMPT]": Role.USER,
    "[AVAILABLE_TOOLS]": Role.TOOL_DEFINITION,
    "[/AVAILABLE_TOOLS]": Role.USER,
    "[TOOL_CALLS]": Role.ASSISTANT,
    "[TOOL_RESULTS]": Role.TOOL,
    "[/TOOL_RESULTS]": Role.ASSISTANT,
    "<｜User｜>": Role.USER,
    "<｜Assistant｜>": Role.ASSISTANT,
    "<｜tool▁output▁begin｜>": Role.TOOL,
}
_FRAMING = frozenset({Role.SYSTEM, Role.TOOL_DEFINITION})


def _marks_of(prompt: str) -> re.Pattern[str] | None:
    if _TELLS_TOKENS.search(prompt):
        return _TOKENS
    return _COLONS if _TELLS_COLONS.search(prompt) else None


def _said(prompt: str, marks: re.Pattern[str]) -> Iterator[Said]:
    turn, spoken_as = -1, None
    for role, begin, end in _stretches(prompt, marks):
        stretch = prompt[begin:end]
        text = stretch.strip()
        if not text:
            continue
        if role not in _FRAMING and role is not spoken_as:
            turn += 1
            spoken_as = role
        offset = begin + len(stretch) - len(stretch.lstrip())
        yield Said(role=role, turn=NO_TURN if role in _FRAMING else turn, offset=offset, text=text)


def _stretches(prompt: str, marks: re.Pattern[str]) -> Iterator[tuple[Role, int, int]]:
    """Who speaks from where to where; what stands before the first mark frames the conversation."""
    role, begin = Role.SYSTEM, 0
    for mark in marks.finditer(prompt):
        yield role, begin, mark.start()
        role, begin = _role_after(mark, before=role), mark.end()
    yield role, begin, len(prompt)


def _role_after(mark: re.Match[str], *, before: Role) -> Role:
    """Who speaks after a mark; one that names nobody (an end of text) leaves the speaker as it was."""
    word = mark.group(mark.lastgroup or 0)
    return _OPENS.get(word, before) if mark.lastgroup == "mark" else _ROLES[word.lower()]
