"""The report as one HTML page that needs no other file and no other host."""

import math
from pathlib import Path

import jinja2
import numpy as np
from markupsafe import Markup

from evals import observations as seen
from evals.comparison import WholeRun
from evals.judging import reliability as judge_reliability
from evals.metrics.classification import precision_recall_points, roc_points
from evals.report import charts
from evals.report.content import Content
from evals.stats import Estimate

_HERE = Path(__file__).parent


def render(content: Content, run: WholeRun) -> str:
    """The page. Everything said by visitors, bots and corpora is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    environment.filters["figure"] = figure
    environment.filters["interval"] = _interval
    dues = sorted({due for due, _ in content.confusion})
    kinds = sorted({kind for _, kind in content.confusion})
    return environment.get_template("page.html.j2").render(
        c=content,
        charts=_charts(run),
        judge_chart=_judge_chart(run),
        dues=dues,
        kinds=kinds,
        style=Markup((_HERE / "page.css").read_text(encoding="utf-8")),
        script=Markup((_HERE / "page.js").read_text(encoding="utf-8")),
    )


def figure(value: float) -> str:
    """Three digits that tell something."""
    if math.isnan(value):
        return "nan"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


def _interval(estimate: Estimate) -> Markup:
    said = f"{figure(estimate.low)} to {figure(estimate.high)}"
    if math.isnan(estimate.low) or not 0 <= estimate.low <= estimate.high <= 1:
        return Markup.escape(said)
    low, width, value = estimate.low * 100, (estimate.high - estimate.low) * 100, estimate.value * 100
    bar = (
        '<span class="interval" aria-hidden="true"><i style="left:{:.1f}%;width:{:.1f}%"></i>'
        '<b style="left:{:.1f}%"></b></span>{}'
    )
    return Markup(bar).format(low, width, value, said)


def _charts(run: WholeRun) -> dict[str, Markup]:
    found: dict[str, str] = {}
    rows = np.asarray([row for r in run.records if seen.replied(r) for row in seen.confidence_rows(r)]).reshape(-1, 2)
    if len(rows) and 0 < rows[:, 0].sum() < len(rows):
        truth, confidence = rows[:, 0], rows[:, 1]
        roc, pr = roc_points(truth, confidence), precision_recall_points(truth, confidence)
        found["Confidence, and the share that can be answered"] = charts.reliability(
            truth, confidence, "confidence", "answerable", "Reliability diagram of confidence"
        )
        found["Answerable or not, by confidence: ROC"] = charts.curve(
            roc, "false positives", "true positives", is_diagonal=True, label="ROC curve of confidence"
        )
        found["The same: precision and recall"] = charts.curve(
            pr, "recall", "precision", is_diagonal=False, label="Precision and recall of confidence"
        )
    latencies = [record.latency_ms for record in run.records if seen.replied(record)]
    if latencies:
        found["Milliseconds to the whole reply"] = charts.histogram(latencies, "ms", "Distribution of latency")
    return {title: Markup(svg) for title, svg in found.items()}


def _judge_chart(run: WholeRun) -> Markup:
    truth, support = judge_reliability(run.judged)
    if not len(truth):
        return Markup("")
    label = "Reliability diagram of support"
    return Markup(charts.reliability(truth, support, "support", "supported", label))
