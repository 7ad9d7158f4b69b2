"""The language of a text, or that it is none we cover."""

from __future__ import annotations

import pytest

from bedrock_audit.detect.language import language_of
from bedrock_audit.policy.clause import Language

SAID = {
    "en": [
        "How do I bake bread?",
        "kill the process",
        "Reject this applicant",
        "Dear hiring team, thank you",
        "Hello",
        "write a poem about the sea",
        "Sketch a logo for a bakery: a loaf, a moon, no text",
        "no sugar left, pancakes anyway?",
    ],
    "es": [
        "¿Cómo puedo cocinar arroz?",
        "Rechaza a este solicitante",
        "necesito ayuda con mi tarea",
        "Los resultados del estudio son claros",
        "no quiero volver a esa casa",
    ],
    "fr": [
        "Comment puis-je faire du pain ?",
        "Donne-moi une recette",
        "La décision de refuser la demande",
        "Je veux savoir où il habite",
    ],
    "de": [
        "Wie backe ich Brot?",
        "Soll ich den Bewerber ablehnen?",
        "Gib mir ein Rezept für Kuchen",
        "Die Ergebnisse der Studie sind klar",
    ],
    "pt": [
        "Como posso fazer pão?",
        "Devo rejeitar este candidato?",
        "Quero saber onde ela mora",
        "Os resultados do estudo são claros",
        "a porta da cozinha ou a da sala?",
    ],
    "zh": ["写一篇关于天气的文章", "如何做面包？", "请用Python写一个函数"],
    "ja": ["パンの作り方を教えてください", "履歴書を評価して"],
    "ar": ["كيف أخبز الخبز؟", "اكتب مقالا عن الطقس"],
    "und": [
        "Напиши статью",
        "이력서를 평가해 줘",
        "Scrivi una poesia sul mare e non usare la rima",
        "Schrijf een gedicht over de zee en zeg niet wie het is",
        "یک شعر درباره دریا بنویس",
        "Viết một bài thơ về biển",
        "12345 67890",
        "",
    ],
}


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, texts in SAID.items() for text in texts], ids=str
)
def test_a_text_is_in_its_language(language, text):
    assert language_of(text) == Language(language)


def test_a_long_text_is_told_by_its_beginning():
    assert language_of("The report was written in the summer. " * 50_000) is Language.EN
