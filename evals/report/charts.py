"""The report's drawings, as SVG that takes its colours from the page."""

from collections.abc import Sequence
from html import escape

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Point = tuple[float, float]

_SIZE, _LEFT, _BOTTOM = 260, 44, 40
_BINS = 10
_LEAST_IN_BIN = 1


def curve(points: Sequence[Point], x: str, y: str, *, is_diagonal: bool, label: str) -> str:
    """A line through points of the unit square; with the diagonal for chance where that makes sense."""
    path = " ".join(f"{'M' if i == 0 else 'L'}{_x(a):.1f} {_y(b):.1f}" for i, (a, b) in enumerate(points))
    diagonal = f'<path class="faint" d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}"/>' if is_diagonal else ""
    return _framed(f'{diagonal}<path class="line" d="{path}"/>', x, y, label)


def reliability(truth: Array, probabilities: Array, x: str, y: str, label: str) -> str:
    """Observed rate beside predicted probability, ten bins of equal width; a dot's area is its share of the rows."""
    place = np.minimum((probabilities * _BINS).astype(np.int64), _BINS - 1)
    dots = []
    for b in range(_BINS):
        inside = place == b
        if inside.sum() < _LEAST_IN_BIN:
            continue
        a, o, n = float(probabilities[inside].mean()), float(truth[inside].mean()), int(inside.sum())
        radius = 3 + 14 * float(np.sqrt(n / len(truth)))
        dots.append(
            f'<circle class="dot" cx="{_x(a):.1f}" cy="{_y(o):.1f}" r="{radius:.1f}">'
            f"<title>{n}: predicted {a:.2f}, observed {o:.2f}</title></circle>"
        )
    diagonal = f'<path class="faint" d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}"/>'
    return _framed(diagonal + "".join(dots), x, y, label)


def histogram(values: Sequence[float], x: str, label: str) -> str:
    """How often, over 24 bins of equal width up to the 99th percentile; the last bin holds the rest."""
    top = max(float(np.percentile(values, 99)), 1e-6)
    counts, _ = np.histogram(np.minimum(values, top), bins=24, range=(0.0, top))
    most = max(int(counts.max()), 1)
    width = 1 / len(counts)
    bars = "".join(
        f'<rect class="bar" x="{_x(i * width) + 0.5:.1f}" y="{_y(n / most):.1f}" width="{(_x(width) - _x(0)) - 1:.1f}" '
        f'height="{_y(0) - _y(n / most):.1f}">'
        f"<title>{n} of {i * width * top:.1f} to {(i + 1) * width * top:.1f}</title></rect>"
        for i, n in enumerate(counts)
    )
    return _framed(
        bars, x, "turns", label, ticks_x=[(p, f"{p * top:.0f}") for p in (0.0, 0.5, 1.0)], ticks_y=[(1.0, str(most))]
    )


def _x(value: float) -> float:
    return _LEFT + value * (_SIZE - _LEFT - 10)


def _y(value: float) -> float:
    return _SIZE - _BOTTOM - value * (_SIZE - _BOTTOM - 10)


_UNIT = [(0.0, "0"), (0.5, ".5"), (1.0, "1")]


def _framed(
    inside: str,
    x: str,
    y: str,
    label: str,
    ticks_x: Sequence[tuple[float, str]] = tuple(_UNIT),
    ticks_y: Sequence[tuple[float, str]] = tuple(_UNIT),
) -> str:
    marks = "".join(
        f'<text class="tick" x="{_x(p):.1f}" y="{_y(0) + 14:.1f}" text-anchor="middle">{escape(t)}</text>'
        for p, t in ticks_x
    ) + "".join(
        f'<text class="tick" x="{_LEFT - 6}" y="{_y(p) + 4:.1f}" text-anchor="end">{escape(t)}</text>'
        for p, t in ticks_y
    )
    middle = (_x(0) + _x(1)) / 2
    return (
        f'<svg viewBox="0 0 {_SIZE} {_SIZE}" role="img" aria-label="{escape(label, quote=True)}">'
        f'<path class="axis" d="M{_x(0)} {_y(1)}V{_y(0)}H{_x(1)}"/>{inside}{marks}'
        f'<text class="name" x="{middle:.1f}" y="{_SIZE - 8}" text-anchor="middle">{escape(x)}</text>'
        f'<text class="name" transform="translate(12 {(_y(0) + _y(1)) / 2:.1f}) rotate(-90)" '
        f'text-anchor="middle">{escape(y)}</text>'
        "</svg>"
    )
