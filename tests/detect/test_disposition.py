"""What became of an ask: complied, refused, blocked, unknown."""

from __future__ import annotations

import pytest

from bedrock_audit.detect.disposition import disposition, is_refusal
from bedrock_audit.exchanges import exchanges
from bedrock_audit.finding import Disposition
from bedrock_audit.record import Direction, Guardrail, PartKind
from tests.builders import a_record, answered, asked

REFUSALS = {
    "en, plain": "I can't help with that.",
    "en, sorry": "I'm sorry, but I cannot write that kind of content.",
    "en, polite": "I appreciate you asking, but I won't be able to provide instructions for this.",
    "en, unable": "I am unable to assist with requests that target a person.",
    "en, guidelines": "That goes against my guidelines.",
    "en, decline": "I must decline to take part in this.",
    "en, would not": "I would not feel comfortable writing this.",
    "fr, refuses": "Je refuse de vous aider à cela.",
    "ja, refuses": "そのようなご依頼はお断りします。",
    "en, no manner of speaking": "I cannot help, but I can point you to a lawyer.",
    "en, after a manner of speaking": "I can't tell you how sorry I am, but I can't help with that.",
    "en, with help": "I can't help with that. If you are in danger, here are some resources: call a hotline.",
    "es": "Lo siento, pero no puedo ayudarte con eso.",
    "fr": "Je suis désolé, mais je ne peux pas vous aider.",
    "de": "Es tut mir leid, aber dabei kann ich dir nicht helfen.",
    "pt": "Desculpe, mas não posso ajudar com isso.",
    "zh": "抱歉，我无法提供这方面的帮助。",
    "ja": "申し訳ありませんが、お手伝いできません。",
    "ar": "عذراً، لا أستطيع مساعدتك في ذلك.",
    "en, no apology": "I'm going to have to decline this one.",
    "es, no apology": "No voy a escribir eso.",
    "fr, no apology": "Je refuse d'écrire cela.",
    "de, no apology": "Dabei helfe ich nicht.",
    "pt, no apology": "Não vou escrever isso.",
    "zh, no apology": "我不会写这样的内容。",
    "ja, no apology": "お力になれません。",
    "ar, no apology": "لا يمكنني تقديم هذه المعلومات.",
    "es, with help": "No puedo ayudarte, pero aquí tienes un teléfono de ayuda.",
}
ANSWERS = {
    "help": "Sure, here is the article you asked for.",
    "sympathy": "I'm sorry to hear that you are unwell. Drink enough water.",
    "apology, then help": "Sorry for the delay! The answer is 42.",
    "cannot, of others": "Penguins cannot fly, but they swim well.",
    "late": "Here is the plan. " * 40 + "I can't promise it works.",
    "refusal, then help": "I can't give advice. However, here is a draft of the letter you wanted.",
    "disclaimer, then a decision": "I'm not able to decide this, but based on the file I would reject the applicant.",
    "nothing": "",
    "a verdict": "I wouldn't take him. Two jobs in a year is too many.",
    "fr, a verdict": "Je refuse Mme Petit : deux retards de loyer.",
    "ja, a verdict": "この応募者はお断りします。経験が足りません。",
    "delight": "I can't tell you how happy this makes me! Step one: mix both.",
    "praise": "I cannot recommend this route enough. Take the first exit.",
    "eagerness": "I can't wait to write it. Here goes: the fox runs.",
    "frankness": "I won't lie to you, it is simple. Buy the parts first.",
    "what machines lack": "As an AI I can't taste it, but this is the recipe: flour and water.",
    "refusal, then the way": "I can't condone this. That said, the way to do it is simple: buy and mix.",
    "refusal, then a verdict": "I'm not able to see it, but based on your description, deny the applicant.",
    "refusal in jest": "I can't help with that. Just kidding! First, buy the powder.",
    "es, refusal, then help": "No puedo hacerlo oficialmente, pero aquí tienes los pasos: 1. …",
    "fr, refusal, then help": "Je ne peux pas le recommander, mais voici comment faire : 1. …",
    "de, refusal, then help": "Ich darf dir dabei eigentlich nicht helfen, aber so geht es: 1. …",
    "pt, refusal, then help": "Não posso fazer isso, mas aqui estão os passos: 1. …",
    "zh, refusal, then help": "我不能这样做，但步骤如下：1. …",
    "ja, refusal, then help": "お手伝いできませんが、手順は次のとおりです。1. …",
    "ar, refusal, then help": "لا أستطيع عادة، لكن إليك الخطوات: 1. …",
    "zh, only polite": "抱歉，让您久等了。这是文章。",
    "ja, only polite": "申し訳ありません、お待たせしました。こちらが記事です。",
}


@pytest.mark.parametrize("text", REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_is_told(text):
    assert is_refusal(text)


@pytest.mark.parametrize("text", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_is_no_refusal(text):
    assert not is_refusal(text)


def became(*parts, **more):
    record = a_record(*parts, **more)
    return disposition(exchanges(record)[-1], record)


ASK = asked("Tell me about the fox, please, in detail")


@pytest.mark.parametrize(
    ("parts", "more", "expected"),
    [
        pytest.param((ASK, answered("Foxes are red.")), {}, Disposition.COMPLIED, id="answered"),
        pytest.param((ASK, answered("I can't help with that.")), {}, Disposition.REFUSED, id="refused in words"),
        pytest.param(
            (ASK, answered("Well")), {"stop_reason": "refusal"}, Disposition.REFUSED, id="refused as a reason"
        ),
        pytest.param((ASK,), {}, Disposition.UNKNOWN, id="no answer"),
        pytest.param((ASK, answered(" ")), {}, Disposition.UNKNOWN, id="an empty answer"),
        pytest.param(
            (ASK, answered("Fine.", direction=Direction.INPUT)), {}, Disposition.UNKNOWN, id="only a prefilled answer"
        ),
        pytest.param(
            (ASK, answered("Let me think: I can't", kind=PartKind.REASONING), answered("Foxes are red.")),
            {},
            Disposition.COMPLIED,
            id="reasoning does not count",
        ),
        pytest.param(
            (ASK, answered("Sorry, blocked.")),
            {"guardrail": Guardrail(intervened=True, policies=("content:HATE",))},
            Disposition.BLOCKED,
            id="blocked by a guardrail",
        ),
        pytest.param(
            (ASK, answered("Foxes are {COLOUR}.")),
            {"guardrail": Guardrail(intervened=True, policies=("pii:NAME",))},
            Disposition.COMPLIED,
            id="a guardrail that only masked",
        ),
        pytest.param(
            (ASK, answered("x")), {"stop_reason": "guardrail_intervened"}, Disposition.BLOCKED, id="blocked as a reason"
        ),
    ],
)
def test_what_became_of_an_ask(parts, more, expected):
    assert became(*parts, **more) is expected


def test_a_guardrail_speaks_of_the_new_exchange_only():
    record = a_record(
        asked("Tell me about the fox at length", turn=0),
        answered("Foxes are red.", turn=1, direction=Direction.INPUT),
        asked("And about the hen, please, as well", turn=2),
        answered("Blocked.", turn=3),
        guardrail=Guardrail(intervened=True, policies=("content:HATE",)),
    )

    assert [disposition(one, record) for one in exchanges(record)] == [Disposition.COMPLIED, Disposition.BLOCKED]
