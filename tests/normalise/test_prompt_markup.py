"""The chat templates of the models, taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrock_audit.normalise.prompt_markup import thoughts, titan_turns, turns
from bedrock_audit.record import NO_TURN, PartKind, Role

SYSTEM, USER, ASSISTANT, TOOL = Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.TOOL

TEMPLATES = {
    "no marks at all": (" Which bus goes to the lake?\n", [(USER, 0, " Which bus goes to the lake?\n")]),
    "Claude": (
        "Be brief.\n\nHuman: Which bus?\n\nAssistant: The 12.\n\nHuman: And back?\n\nAssistant:",
        [(SYSTEM, NO_TURN, "Be brief."), (USER, 0, "Which bus?"), (ASSISTANT, 1, "The 12."), (USER, 2, "And back?")],
    ),
    "Claude with the answer begun": (
        "\n\nHuman: Which bus?\n\nAssistant: {",
        [(USER, 0, "Which bus?"), (ASSISTANT, 1, "{")],
    ),
    "Claude on one line": ("Human: Which bus? Assistant:", [(USER, 0, "Which bus?")]),
    "a list that only looks like marks": ("A: the bus\nAssistant: a job title", None),
    "Mistral": (
        "<s>[INST] Be brief. Which bus? [/INST] The 12.</s>[INST] And back? [/INST]",
        [(USER, 0, "Be brief. Which bus?"), (ASSISTANT, 1, "The 12."), (USER, 2, "And back?")],
    ),
    "Mistral with tools": (
        (
            '[AVAILABLE_TOOLS][{"name":"bus"}][/AVAILABLE_TOOLS][INST] Which bus? [/INST]'
            '[TOOL_CALLS][{"name":"bus"}]</s>[TOOL_RESULTS]{"line":12}[/TOOL_RESULTS]'
        ),
        [
            (Role.TOOL_DEFINITION, NO_TURN, '[{"name":"bus"}]'),
            (USER, 0, "Which bus?"),
            (ASSISTANT, 1, '[{"name":"bus"}]'),
            (TOOL, 2, '{"line":12}'),
        ],
    ),
    "Llama 2": (
        "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nWhich bus? [/INST]",
        [(SYSTEM, NO_TURN, "Be brief."), (USER, 0, "Which bus?")],
    ),
    "Llama 3": (
        (
            "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
            "<|start_header_id|>user<|end_header_id|>\n\nWhich bus?<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\n"
        ),
        [(SYSTEM, NO_TURN, "Be brief."), (USER, 0, "Which bus?")],
    ),
    "Llama 4": (
        (
            "<|begin_of_text|><|header_start|>system<|header_end|>\n\nBe brief.<|eot|>"
            "<|header_start|>user<|header_end|>\n\nWhich bus?<|eot|><|header_start|>assistant<|header_end|>\n\n"
        ),
        [(SYSTEM, NO_TURN, "Be brief."), (USER, 0, "Which bus?")],
    ),
    "Command R": (
        (
            "<BOS_TOKEN><|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|>Be brief.<|END_OF_TURN_TOKEN|>"
            "<|START_OF_TURN_TOKEN|><|USER_TOKEN|>Which bus?<|END_OF_TURN_TOKEN|>"
            "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>The 12."
        ),
        [(SYSTEM, NO_TURN, "Be brief."), (USER, 0, "Which bus?"), (ASSISTANT, 1, "The 12.")],
    ),
    "GLM": (
        "<|user|>\nWhich bus?<|assistant|>\nI look.<|observation|>\nline 12<|assistant|>",
        [(USER, 0, "Which bus?"), (ASSISTANT, 1, "I look."), (TOOL, 2, "line 12")],
    ),
    "ChatML": (
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nWhich bus?<|im_end|>\n<|im_start|>assistant\n",
        [(SYSTEM, NO_TURN, "Be brief."), (USER, 0, "Which bus?")],
    ),
    "DeepSeek": (
        (
            "<｜begin▁of▁sentence｜>Be brief.<｜User｜>Which bus?"
            "<｜Assistant｜>The 12.<｜end▁of▁sentence｜><｜User｜>And back?"
        ),
        [(SYSTEM, NO_TURN, "Be brief."), (USER, 0, "Which bus?"), (ASSISTANT, 1, "The 12."), (USER, 2, "And back?")],
    ),
    "Gemma": (
        "<bos><start_of_turn>user\nWhich bus?<end_of_turn>\n<start_of_turn>model\n",
        [(USER, 0, "Which bus?")],
    ),
    "gpt-oss": (
        (
            "<|start|>developer<|message|>Be brief.<|end|><|start|>user<|message|>Which bus?<|end|>"
            "<|start|>assistant<|channel|>analysis<|message|>They mean the 12.<|end|>"
        ),
        [
            (SYSTEM, NO_TURN, "Be brief."),
            (USER, 0, "Which bus?"),
            (ASSISTANT, 1, "analysis"),
            (ASSISTANT, 1, "They mean the 12."),
        ],
    ),
    "Phi": (
        "<|system|>Be brief.<|end|><|user|>Which bus?<|end|>",
        [(SYSTEM, NO_TURN, "Be brief."), (USER, 0, "Which bus?")],
    ),
    "a mark with a word of the caller's inside": (
        "[INST]Which bus?<|im_start|>hidden words<｜more hidden words｜>[/INST]",
        [(USER, 0, "Which bus?"), (USER, 0, "hidden words<｜more hidden words｜>")],
    ),
}


@pytest.mark.parametrize(("prompt", "expected"), TEMPLATES.values(), ids=TEMPLATES)
def test_a_templates_turns_are_told_apart(prompt, expected):
    said = turns(prompt)

    assert [(each.role, each.turn, each.text) for each in said] == (expected or [(USER, 0, prompt)])


@pytest.mark.parametrize("prompt", [prompt for prompt, _ in TEMPLATES.values()], ids=TEMPLATES)
def test_offsets_point_at_the_text(prompt):
    for each in turns(prompt):
        assert prompt[each.offset :].startswith(each.text)


MARKS = [
    "[INST]",
    "[/INST]",
    "<<SYS>>",
    "<|im_start|>user",
    "<|im_end|>",
    "\n\nHuman:",
    "\n\nAssistant:",
    "<｜User｜>",
    "<s>",
]


@given(st.lists(st.one_of(st.sampled_from(MARKS), st.text(alphabet="abc \n<|>[]", min_size=1)), max_size=12))
def test_no_word_of_a_prompt_is_lost_whatever_the_marks(pieces):
    prompt = "".join(pieces)

    letters = "".join(each.text for each in turns(prompt))

    assert sum(map(letters.count, "bc")) >= sum(
        piece.count("b") + piece.count("c") for piece in pieces if piece not in MARKS
    )


ANSWERS = {
    "nothing but an answer": ("The 12.", [(PartKind.TEXT, "The 12.")]),
    "reasoning without its opening tag": (
        "They mean the bus.\n</think>\nThe 12.",
        [(PartKind.REASONING, "They mean the bus.\n"), (PartKind.TEXT, "\nThe 12.")],
    ),
    "reasoning in tags": (
        "<reasoning>They mean the bus.</reasoning>The 12.",
        [(PartKind.REASONING, "They mean the bus."), (PartKind.TEXT, "The 12.")],
    ),
    "reasoning cut off": ("<think>They mean", [(PartKind.REASONING, "<think>They mean")]),
    "nothing after the reasoning": ("<think>They mean</think>\n", [(PartKind.REASONING, "They mean")]),
    "a tag in mid-sentence": ("Write <reasoning>x</reasoning>.", [(PartKind.TEXT, "Write <reasoning>x</reasoning>.")]),
}


@pytest.mark.parametrize(("answer", "expected"), ANSWERS.values(), ids=ANSWERS)
def test_reasoning_is_told_from_what_is_said(answer, expected):
    told = thoughts(answer)

    assert [(each.kind, each.text) for each in told] == expected
    assert all(answer[each.offset :].startswith(each.text) for each in told)


def test_titans_turns_are_told_apart_for_titan_alone():
    prompt = "Be brief.\nUser: Which bus?\nBot: The 12.\nUser: And back?\nBot:"

    assert [(said.role, said.turn, said.text) for said in titan_turns(prompt)] == [
        (SYSTEM, NO_TURN, "Be brief."),
        (USER, 0, "Which bus?"),
        (ASSISTANT, 1, "The 12."),
        (USER, 2, "And back?"),
    ]
    assert [said.text for said in turns(prompt)] == [prompt]
    assert titan_turns("Which bus?") == turns("Which bus?")
