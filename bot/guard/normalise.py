"""A message as a guard must read it: look-alike and spaced-out letters, digits for letters, one level of encoding."""

import base64
import binascii
import functools
import html
import re
import unicodedata
from collections.abc import Collection, Iterator
from urllib.parse import unquote

from bot.text import straight_quotes, words

_LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕԁԛԝѵһӏктмнв" + "αεικνορτυχω" + "ıɡɑ",
    "aeopcyxijsdqwvhlktmhb" + "aeikvoptuxw" + "iga",
)
"""Cyrillic, Greek and phonetic letters that are read as Latin ones, after lower-casing and NFKC."""

_DIGITS = str.maketrans("013457@$!|+", "oieastasiit")
_DROPPED = ("Cc", "Cf", "Cs", "Co", "Mn", "Me")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W_][ .\-_*·]{1,2}){2,40}[^\W_](?![^\W_])")
_GAP = re.compile(r"\s{2,}")
_REPEATED = re.compile(r"(\w)\1{2,}")
_DOUBLED = re.compile(r"((?<!l)l|(?<!f)f)\1{2,}+(?=(?:s|ed|ing)?\b)|((?<!e)e|(?<!o)o)\2{2,}+(?=\w)")
"""A letter drawn out where English doubles it: `killlll`, `pillllls`, `sleeeep`."""

_DISGUISED = re.compile(r"[a-z0-9@$!|+']{1,30}[.,;:?]?")
"""A word that may have digits or signs for letters."""

_MIXED = re.compile(r"[a-z]'?[013457@$!|+]+'?[a-z]|^[013457@$|+]'?[a-z]|[a-z]'?[013457@$+]\W?$")
"""Such a sign among letters: neither `50+` nor an apostrophe nor an exclamation mark at the end."""

_BASE64 = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{12,2000}={0,2}(?![A-Za-z0-9+/=])")
_HEX = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}[ ]?){8,1000}(?![0-9A-Fa-f])")

_REFERENCE = re.compile("&#0*([0-9]{1,8})[0-9]*")
"""A letter by its number; eight digits are already more than any letter has."""

_MARKS = re.compile("([\u0300-\u036f]{4})[\u0300-\u036f]+")
"""More marks on one letter than any language has; to sort them takes quadratic time."""

_MADE, _SEVERAL = 0.25, 2
"""Share and number of a message's words that taking a disguise off must make, for there to be one."""

_TELLING = 3
"""Letters of a word from which on it is made by no chance."""

_READ = 0.5
"""Share of known words from which on what was decoded is a text."""


def meant(text: str, known: Collection[str]) -> str:
    """What a message says beneath its encoding and its disguise, in lower case; where there is none, as it stands.

    known: words of the language that disguises are looked for in. What makes no such words is no disguise, as in `25mg`
    and `5-HT2A`; nor is an accent, or another alphabet.
    """
    for reading in (_unescaped(text), unquote(text)):
        if reading != text and _count(reading, known) > _count(text, known):
            text = reading
    for piece, reading in list(_encoded(text)):
        if _count(reading, known) < _READ * len(words(reading)) or not words(reading):
            return text
        text = text.replace(piece, reading, 1)
    if not any(char.isascii() and char.isalpha() for char in _composed(text)):
        return text
    straight = straight_quotes(text)
    plain = undisguised(straight)
    before, after = {*words(straight), *words(without_marks(straight))}, words(plain)
    made = sum(len(word) >= _TELLING and word in known and word not in before for word in after)
    enough = max(min(_SEVERAL, len(after)), _MADE * len(after))
    return plain if made and made >= enough else text


def _count(text: str, known: Collection[str]) -> int:
    return sum(word in known for word in words(text))


def _composed(text: str) -> str:
    """NFKC, in linear time."""
    return unicodedata.normalize("NFKC", _MARKS.sub(r"\1", text))


def without_marks(text: str) -> str:
    """Without accents."""
    parted = unicodedata.normalize("NFD", _MARKS.sub(r"\1", text))
    return "".join(char for char in parted if unicodedata.category(char) != "Mn")


@functools.lru_cache(maxsize=256)
def variants(text: str) -> tuple[str, ...]:
    """`text` in lower case as it stands, and as it may be meant; the first is the plainest. Never empty."""
    found: dict[str, None] = {}
    for source in (text, _INVISIBLE.sub(" ", text), *decoded(text)):
        plain = _plain(source)
        found[plain] = None
        for changed in (_joined(plain), _REPEATED.sub(r"\1", plain), _doubled(plain), _undisguised(plain)):
            found[changed] = None
        found[_undisguised(_joined(_REPEATED.sub(r"\1", plain)))] = None
    return tuple(found)


def undisguised(text: str) -> str:
    """The one reading without any disguise but encoding."""
    return _undisguised(_joined(_REPEATED.sub(r"\1", _plain(_INVISIBLE.sub("", without_gaps(text))))))


def _plain(text: str) -> str:
    """NFKC, lower case, without marks and invisible characters; look-alikes as Latin letters."""
    folded = unicodedata.normalize("NFKD", _composed(text)).lower()
    kept = "".join(char for char in folded if char in "\n\t" or unicodedata.category(char) not in _DROPPED)
    words = [_latin(word) for word in unicodedata.normalize("NFC", kept).replace("’", "'").split()]
    return " ".join(words)


def _latin(word: str) -> str:
    changed = word.translate(_LOOK_ALIKES)
    return changed if changed.isascii() and (len(word) > 1 or word in "іјѕıɡɑ") else word


def _joined(text: str) -> str:
    """`k i l l` as one word."""
    return _SPACED.sub(lambda match: re.sub(r"[^\w]", "", match.group()), text)


def _doubled(text: str) -> str:
    """`i waaant to killlll` with the doubled letter that it is spelt with, and every other once."""
    return _REPEATED.sub(r"\1", _DOUBLED.sub(r"\1\1\2\2", text))


def _undisguised(text: str) -> str:
    """Digits and signs as the letters they look like, in words of both, and in all others once there is one."""
    words = text.split(" ")
    if not any(_DISGUISED.fullmatch(word) and _MIXED.search(word) for word in words):
        return text
    return " ".join(word.translate(_DIGITS) if _DISGUISED.fullmatch(word) else word for word in words)


def decoded(text: str) -> Iterator[str]:
    """What HTML entities, percent signs, spaced-out words, base64 or hexadecimal stand for, one level deep."""
    for changed in (_unescaped(text), unquote(text), without_gaps(text)):
        if changed != text:
            yield changed
    for _, reading in _encoded(text):
        yield reading


def _unescaped(text: str) -> str:
    """Without HTML entities, of which Python refuses to read a number of thousands of digits."""
    return html.unescape(_REFERENCE.sub(r"&#\1", text))


def _encoded(text: str) -> Iterator[tuple[str, str]]:
    """(as it stands, what it says) of each piece in base64 or hexadecimal."""
    for match in _BASE64.finditer(text):
        yield from ((match.group(), reading) for reading in _readable(_from_base64(match.group())))
    for match in _HEX.finditer(text):
        found = bytes.fromhex(match.group().replace(" ", ""))
        yield from ((match.group(), reading) for reading in _readable(found))


def without_gaps(text: str) -> str:
    """On one line, and `h o w   m a n y` as two words: those parted by wider gaps whose letters stand alone."""
    groups = [group.split() for group in _GAP.split(text.strip())]
    return " ".join("".join(g) if all(len(each) == 1 for each in g) else " ".join(g) for g in groups)


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _readable(found: bytes) -> Iterator[str]:
    """As text, if that is what it is."""
    try:
        text = found.decode("utf-8")
    except UnicodeDecodeError:
        return
    if any(not char.isprintable() and not char.isspace() for char in text):
        return
    if text and sum(char.isalnum() or char.isspace() for char in text) >= len(text) * 3 // 4:
        yield text
