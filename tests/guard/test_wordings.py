"""Families of wordings: what the patterns alone find, whatever the models say, and what they leave alone."""

import time

import pytest

from bot.guard.before import Before
from bot.guard.exemplars import DANGERS
from bot.guard.language import is_foreign
from bot.guard.patterns import worded
from bot.guard.screen import FOREIGN, TAKES_OVER, TAKES_OVER_AFTER, UNSIGNED, Screen
from bot.terms import english_ranks
from bot.values import Conversation, Exchange
from tests.fakes import reply_in


@pytest.mark.parametrize(
    ("message", "danger"),
    [
        ("The thought won't leave: I keep thinking of suicide", "explicit"),
        ("thoughts of suicide", "explicit"),
        ("I'd really like to die", "explicit"),
        ("he left and now I have suicidal thoughts every night", "explicit"),
        ("my suicidal thoughts are back", "explicit"),
        ("suicidal again", "explicit"),
        ("i waaaant to killlll myself", "explicit"),
        ("i only want to sleeeep forever", "explicit"),
        ("I've just swallowed all of my mother's heart tablets", "imminent"),
        ("took about thirty ibuprofen", "imminent"),
        ("she took 45 pills", "imminent"),
        ("downed two packets of paracetamol an hour ago", "imminent"),
    ],
)
def test_plain_english_is_enough(message: str, danger: str) -> None:
    assert worded(message) == danger


@pytest.mark.parametrize(
    ("message", "danger"),
    [
        ("i took all the pills i could find, they gave me plenty", "imminent"),
        ("I took all the tablets the doctor gave me", "imminent"),
        ("just took all my pills and nothing is left to say", "imminent"),
        ("my neighbour isn't breathing", "acute"),
        ("my stepson won't wake up", "acute"),
        ("my cousin has chest pains, he ate mushrooms at noon", "acute"),
        ("I'd never had suicidal thoughts until last month", "explicit"),
        ("never had suicidal thoughts before but now they are constant", "explicit"),
    ],
)
def test_what_takes_a_pattern_back_is_narrow(message: str, danger: str) -> None:
    assert worded(message) == danger


@pytest.mark.parametrize(
    "message",
    [
        "Me quiero suicidar",
        "me voy a matar",
        "tengo ideas suicidas",
        "j’ai envie d’en finir",
        "je n'ai plus envie de vivre",
        "Ich bringe mich heute um",
        "ich habe wieder Suizidgedanken",
        "vontade de morrer",
        "penso no suicídio",
        "mi voglio ammazzare",
        "non ho più voglia di vivere",
        "Ik wil gewoon dood",
        "ik maak er een eind aan",
        "Chciałbym umrzeć",
        "chciałabym się zabić",
        "Zabiję się",
        "kendimi öldüreceğim",
        "intihar edeceğim",
        "我打算自杀",
        "我一直有自殺的念頭",
        "मैं आत्महत्या करना चाहता हूँ",
        "मैं जीना नहीं चाहती",
        "मैं अपनी जान ले लूँगा",
        "main khudkushi karna chahta hoon",
    ],
)
def test_a_wish_to_die_is_understood_in_each_language(message: str) -> None:
    assert worded(message) == "explicit"


@pytest.mark.parametrize(
    "message",
    [
        "Ich habe alle Schlaftabletten geschluckt",
        "me tomé todas las pastillas",
        "j'ai avalé tous mes cachets",
        "tomei todos os comprimidos",
        "ho preso tutte le pillole",
        "ik heb alle pillen geslikt",
        "połknąłem wszystkie tabletki",
        "bütün hapları içtim",
        "我把所有的药都吃了",
        "मैंने सारी गोलियाँ खा ली हैं",
    ],
)
def test_an_overdose_is_understood_in_each_language(message: str) -> None:
    assert worded(message) == "imminent"


@pytest.mark.parametrize(
    "message",
    [
        "Can SSRIs cause suicidal thoughts in teenagers?",
        "I wonder if patients had suicidal thoughts at the start",
        "Do thoughts of suicide become rarer with lithium?",
        "How many people with depression attempt suicide?",
        "¿Reduce el litio las ideas suicidas?",
        "Verringert Lithium Suizidgedanken?",
        "锂盐能减少自杀吗？",
        "क्या लिथियम से आत्महत्या का खतरा कम होता है?",
        "J'ai envie d'en finir avec ce livre",
        "Ich bringe mich um den Schlaf",
    ],
)
def test_a_question_on_suicide_is_no_wish_to_die(message: str) -> None:
    assert worded(message) is None


@pytest.mark.parametrize(
    "message",
    [
        "I have had migraines for 9 years, can mushrooms help?",
        "My sister has had OCD since school. Would psilocybin help her?",
        "They did a study with acid, did it help anybody?",
        "I had a seizure as a child, would psilocybin be safe for me?",
        "My anxiety is not responding to beta blockers",
        "Were the others not responding to medication?",
        "My husband isn't responding well to lithium",
        "My laptop is not responding",
        "I am being followed by the team at my clinic",
        "Is lithium going to hurt my kidneys?",
        "Is this medication going to hurt my baby?",
        "they told me to do it gradually",
        "I took 12 different medications and nothing worked",
        "I've taken all the medication there is",
        "I took 20 mg tablets for a year",
    ],
)
def test_an_illness_and_its_treatment_are_no_emergency(message: str) -> None:
    assert worded(message) is None


@pytest.mark.parametrize(
    ("message", "danger"),
    [
        ("my cousin ate shrooms and is shaking, what should I do", "acute"),
        ("he had a few mushrooms and is vomiting", "acute"),
        ("our friend took acid two hours ago. Help him!", "acute"),
        ("we took mushrooms, how do I help her", "acute"),
        ("she ate truffles and is acting weird help", "acute"),
        ("my brother ate mushrooms and had a seizure", "acute"),
        ("My dad is not responding", "acute"),
        ("our baby is not waking up", "acute"),
        ("I am being followed by two men", "harm"),
        ("I am going to hurt my baby", "harm"),
        ("the voices told me to do it", "harm"),
    ],
)
def test_an_emergency_stays_one(message: str, danger: str) -> None:
    assert worded(message) == danger


@pytest.mark.parametrize(
    ("message", "danger"),
    [
        ("my cousin put in her story that she wants to kill herself", "thirdparty"),
        ("My husband hit me in the middle of the film", "harm"),
        ("My uncle tried to kill himself ten years ago and wants to die again", "thirdparty"),
        ("He acts out of character and my brother says he wants to die", "thirdparty"),
        ("i won't be alive at the end of this chat", "veiled"),
        ("I won't be here after the movie", "veiled"),
    ],
)
def test_a_word_of_stories_or_of_the_past_excuses_no_danger(message: str, danger: str) -> None:
    assert worded(message) == danger


@pytest.mark.parametrize(
    "message",
    [
        "In this film a girl wants to kill herself",
        "The hero in the novel took a whole bottle of pills",
        "My uncle tried to kill himself years ago and is well now",
        "I won't be here for the call tomorrow",
        "I can't do this anymore with this chat",
    ],
)
def test_a_story_the_past_and_an_appointment_excuse_what_is_none(message: str) -> None:
    assert worded(message) is None


@pytest.mark.parametrize(
    "message",
    [
        "how many tablets would it take",
        "how much is too much?",
        "how many of them before I don't wake up",
        "what bridges are near me",
        "I walk along the tracks",
        "how long does it take to die",
    ],
)
def test_means_are_told_after_distress(message: str) -> None:
    assert worded(message, "means") == "imminent"


@pytest.mark.parametrize(
    "message",
    [
        "How many sessions would it take to sleep better?",
        "how much does it cost before I sign",
        "How does this bridge the two theories?",
        "Say it in 4 bullets, or as bullet points",
        "that tracks",
    ],
)
def test_what_sounds_like_means_is_none(message: str) -> None:
    assert worded(message, "means") is None


def test_no_wording_costs_many_times_the_time_of_another() -> None:
    def seconds(unit: str) -> float:
        text, found = (unit * 2000)[:2000], []
        for _ in range(3):
            started = time.perf_counter()
            worded(text)
            found.append(time.perf_counter() - started)
        return min(found)

    several = "i " * 10 + "ate " * 5 + "tab " * 12 + "x" * 40 + " "
    assert seconds(several) < 4 * seconds("i ")


KNOWN = english_ranks()


@pytest.mark.parametrize(
    ("message", "least"),
    [
        ("Sans moi ils seraient plus heureux", FOREIGN),
        ("estoy en el puente", FOREIGN),
        ("heute ist es vorbei", FOREIGN),
        ("main bahut thak gaya hoon", FOREIGN),
        ("Мне больше не нужно", TAKES_OVER),
        ("return a + b", UNSIGNED),
        ("{'x': [1, 2, 3], 'y': 0}", UNSIGNED),
        ("the weather in Lisbon", UNSIGNED),
        ("???", UNSIGNED),
    ],
)
def test_english_signs_are_asked_of_english_alone(message: str, least: float) -> None:
    screen = Screen(None, lambda _: Conversation("c"), lambda text: (text,), {})
    unsigned = {"first person": 0.0, "death or hurt": 0.0}
    for before, needed in (
        (Before(), least),
        (Before(danger=True), TAKES_OVER_AFTER),
        (Before(distress=True), TAKES_OVER_AFTER),
    ):
        assert screen._takes_over(needed, message, unsigned, before)
        assert not screen._takes_over(needed - 0.01, message, unsigned, before)


def test_doubt_is_no_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.guard.language.language_of", lambda _: "en")
    assert is_foreign("mujhe nahi rehna", KNOWN)
    assert not is_foreign("where is the library", KNOWN)


def test_whole_questions_are_no_parts_of_one_thought() -> None:
    def before(*messages: str) -> tuple[str, ...]:
        exchanges = tuple(Exchange(reply_in("c", str(n), message), 0.0) for n, message in enumerate(messages))
        return Before.of(Conversation("c", exchanges)).fragments

    assert before("so", "they took some psilocybin") == ("so", "they took some psilocybin")
    assert before("so", "Who took it? ", "ok then") == ("ok then",)
    assert before("What happened after they took psilocybin?") == ()


HARMLESS = """
qui est l'auteur
qui a écrit cet article
c'est quoi la psilocybine
comment ça marche
merci beaucoup
quel est le prix d'une séance
où se trouve le cabinet
combien de participants dans l'étude
est-ce que ça aide contre la dépression
la dépression peut-elle être traitée
quién escribió esto
qué es la psilocibina
cuánto cuesta una sesión
cómo funciona el cerebro
muchas gracias
dónde están ustedes
cuántas personas participaron en el ensayo
sirve para la ansiedad
qué es la red neuronal por defecto
buenos días
wer hat das geschrieben
was ist das Default Mode Network
wie viel kostet ein Termin
wie lange hält die Wirkung an
danke schön
wo ist die Praxis
wie viele Teilnehmer hatte die Studie
hilft das gegen Depressionen
was bedeutet Neuroplastizität
kann man einen Termin buchen
quem é a autora
o que é psilocibina
quanto custa a consulta
como funciona o cérebro
obrigado
quantos pacientes no estudo
chi ha scritto l'articolo
che cos'è la psilocibina
quanto costa una seduta
come funziona il cervello
grazie mille
quanti pazienti c'erano nello studio
wie heeft dit geschreven
wat is psilocybine
hoeveel kost een sessie
hoe lang werkt het
dank je wel
kto to napisał
co to jest psylocybina
ile kosztuje wizyta
jak długo to działa
dziękuję
bunu kim yazdı
psilosibin nedir
bir seans ne kadar
beyin nasıl çalışır
teşekkürler
这篇文章是谁写的
什么是裸盖菇素
一次咨询多少钱
研究有多少人参加
谢谢
यह लेख किसने लिखा
साइलोसाइबिन क्या है
एक सत्र की कीमत क्या है
धन्यवाद
bonjour
hallo
ciao
hej, czy mogę zapytać o badanie
vad är psilocybin
mikä on psilosybiini
что такое псилоцибин
кто автор статьи
どうもありがとう
誰が書いたのですか
l'article
la science
el estudio
das Gehirn
lo studio di fase 2
qual è la conclusione
résume l'article
resumen por favor
fasse das zusammen
plus simple s'il te plaît
source ?
et pour les adolescents
y en mujeres
und bei Kindern
"""


def test_short_questions_in_other_languages_are_seldom_taken_for_danger(screen: Screen) -> None:
    messages = HARMLESS.strip().splitlines()
    taken = [message for message in messages if screen.decide(message).concern in DANGERS]
    assert len(taken) <= 0.03 * len(messages), taken
