"""What is made of a text and a claim that a transformer has read together: one number. In torch.

The claim's words are held against the text's by attention, at the transformer's first and last layer, and each word
gets two scores; their mean and their log-sum-exp, which stands for the word that fits least, join what the pair is as a
whole. After the comparing of aligned words of Parikh et al. 2016 (arXiv 1606.01933), on top of a cross-encoder.
"""

from typing import Any

import torch
from torch.nn.functional import gelu, normalize

HIDDEN = 80
_SCORES = 2
"""For each word of the claim."""
_SHARPNESS = 10.0
"""Of the attention, at first."""
_NONE = -1e4


class PairHead(torch.nn.Module):  # type: ignore[misc]
    """A logit that the text supports the claim."""

    def __init__(self, width: int) -> None:
        """width: of the transformer's vectors."""
        super().__init__()
        self.last = torch.nn.Linear(4 * width, HIDDEN)
        self.first = torch.nn.Linear(2 * width + 1, HIDDEN)
        self.word = torch.nn.Linear(HIDDEN, _SCORES)
        self.whole = torch.nn.Linear(3 * width, HIDDEN)
        self.out = torch.nn.Linear(HIDDEN + 2 * _SCORES, 1)
        self.sharpness = torch.nn.Parameter(torch.full((2,), _SHARPNESS))

    def forward(self, first: Any, last: Any, parts: Any) -> Any:
        """Shape (n,). first, last: token vectors of two layers, shape (n, t, width). parts: shape (n, t), 1 for the
        text's tokens, 2 for the claim's, 0 for all others.
        """
        text, claim = parts == 1, parts == 2
        near_last, _ = self._aligned(last, text, self.sharpness[0])
        near_first, likeness = self._aligned(first, text, self.sharpness[1])
        words = gelu(
            self.last(torch.cat([last, near_last, (last - near_last).abs(), last * near_last], -1))
            + self.first(torch.cat([first, (first - near_first).abs(), likeness[:, :, None]], -1))
        )
        scores = self.word(words)
        worst = torch.logsumexp(scores.masked_fill(~claim[:, :, None], _NONE), 1)
        pair = torch.cat([last[:, 0], _mean(last, text), _mean(last, claim)], -1)
        return self.out(torch.cat([gelu(self.whole(pair)), worst, _mean(scores, claim)], -1)).squeeze(1)

    def _aligned(self, vectors: Any, text: Any, sharpness: Any) -> tuple[Any, Any]:
        """For each token what of the text is like it, and the likeness of the token that is most so."""
        units = normalize(vectors, dim=-1)
        cosines = (units @ units.transpose(1, 2)).masked_fill(~text[:, None, :], _NONE)
        return torch.softmax(cosines * sharpness, -1) @ vectors, cosines.amax(2)


def _mean(vectors: Any, chosen: Any) -> Any:
    share = chosen[:, :, None].to(vectors.dtype)
    return (vectors * share).sum(1) / share.sum(1).clamp(min=1)
