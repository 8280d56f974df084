"""The report for programs: JSON, and JUnit XML as CI systems read it."""

from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

from evals.comparison import WholeRun, is_right
from evals.measures import by
from evals.records import Record
from evals.report.content import Content, Failure, Row, name_of
from evals.stats import or_null


def as_json(content: Content) -> dict[str, Any]:
    """Figures, failures and confusion; an undefined figure is null."""
    return {
        "system": content.system,
        "turns": content.turns,
        "errors": dict(content.errors),
        "figures": {row.name: _row(row) for rows in content.groups.values() for row in rows},
        "styles": {suite: {row.name: _row(row) for row in rows} for suite, rows in content.styles.items()},
        "classes": {row.name: _row(row) for row in content.classes},
        "confusion": [{"due": due, "kind": kind, "n": n} for (due, kind), n in sorted(content.confusion.items())],
        "judge": {row.name: _row(row) for row in content.judge},
        "judge_changes": {row.name: _row(row) for row in content.judge_changes},
        "judge_authors": {row.name: _row(row) for row in content.judge_authors},
        "failures": [{name: getattr(f, name) for name in Failure.__slots__} for f in content.failures],
    }


def _row(row: Row) -> dict[str, Any]:
    names = ("value", "low", "high", "n", "detectable")
    return {name: or_null(getattr(row.estimate, name)) for name in names}


def as_junit(content: Content, run: WholeRun) -> str:
    """A suite each, a test case a turn: a wrong answer is a failure, no reply an error."""
    root = ET.Element("testsuites", name=content.system)
    failures = {f.id: f for f in content.failures}
    for suite, records in by(run.records, lambda record: record.suite).items():
        wrong = [r for r in records if not is_right(r)]
        errors = sum(r.error is not None for r in wrong)
        element = ET.SubElement(
            root, "testsuite", name=suite, tests=str(len(records)), failures=str(len(wrong) - errors),
            errors=str(errors), time=f"{sum(r.latency_ms for r in records) / 1000:.3f}",
        )  # fmt: skip
        for record in records:
            _case(element, record, failures)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True)


def _case(suite: ET.Element, record: Record, failures: dict[str, Failure]) -> None:
    name = name_of(record)
    case = ET.SubElement(
        suite, "testcase", classname=f"{record.split}.{record.style}", name=name, time=f"{record.latency_ms / 1000:.3f}"
    )
    failure = failures.get(name)
    if failure is not None:
        element = ET.SubElement(case, "error" if record.error else "failure", message=_xml_safe(failure.why))
        element.text = _xml_safe("\n".join(_lines(failure)))


def _lines(failure: Failure) -> Sequence[str]:
    return (
        f"question: {failure.question}", f"said ({failure.kind}): {failure.answer}",
        *(f"quote: {quote}" for quote in failure.quotes), *(f"expected: {quote}" for quote in failure.expected),
    )  # fmt: skip


def _xml_safe(text: str) -> str:
    """Without the control characters that XML 1.0 forbids."""
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))
