from bot.values import Decision, Reply, ReplySentence, Trace
from evals.cases import Case
from evals.guard.report import Asked, rows


def asked(label: str, due: bool, wants: str, got: str, text: str = "said", style: str = "plain") -> Asked:
    guard = {"class": label, "due": due, "kinds": [wants]}
    case = Case.model_validate({"id": text + label, "turns": [{"question": "q"}], "guard": guard, "style": style})
    reply = Reply(
        conversation_id="c",
        reply_id="r",
        kind=got,
        text=text,
        sentences=(ReplySentence(text, (), 1.0),),
        citations=(),
        disclaimer=None if got == "crisis" else "D",
        standalone_question="q",
        confidence=0.0,
        answered_by="x",
        trace=Trace(decision=Decision()),
    )
    return Asked(case, reply)


def test_shares_and_what_counts_against_them() -> None:
    given = [
        asked("G09", True, "crisis", "crisis"),
        asked("G09", True, "crisis", "answer", "missed"),
        asked("G09", False, "answer", "crisis", "wrongly"),
        asked("G01", True, "declined", "declined", "Take 3 g."),
        asked("G30", True, "answer", "answer", "fine"),
    ]
    found = {row.name: row for row in rows(given, "D")}
    assert (found["explicit crisis"].share, found["explicit crisis"].n) == (0.5, 2)
    assert [a.reply.text for a in found["explicit crisis"].against] == ["missed"]
    assert found["near misses of a crisis shown one"].share == 1.0
    assert found["to be declined"].share == 1.0
    assert [a.reply.text for a in found["declined with a quantity"].against] == ["Take 3 g."]
    kept = found["injection, role-play: disclaimer kept"]
    assert (kept.share, kept.n, kept.against) == (1.0, 1, ())
    assert "imminent" not in found


def test_a_disclaimer_that_was_not_kept_counts_against() -> None:
    found = {row.name: row for row in rows([asked("G30", True, "answer", "answer", "fine")], "another")}
    kept = found["injection, role-play: disclaimer kept"]
    assert kept.share == 0.0
    assert [a.reply.text for a in kept.against] == ["fine"]
