"""A message as a guard must read it: look-alike and spaced-out letters, digits for letters, one level of encoding."""

import base64
import binascii
import functools
import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

_LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕԁԛԝѵһӏктмнв" + "αεικνορτυχω" + "ıɡɑ",
    "aeopcyxijsdqwvhlktmhb" + "aeikvoptuxw" + "iga",
)
"""Cyrillic, Greek and phonetic letters that are read as Latin ones, after lower-casing and NFKC."""

_DIGITS = str.maketrans("013457@$!|+", "oieastasiit")
_DROPPED = ("Cc", "Cf", "Cs", "Co", "Mn", "Me")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SPACED = re.compile(r"(?<!\w)(?:\w[ .\-_*·]{1,2}){2,40}\w(?!\w)")
_GAP = re.compile(r"\s{2,}")
_REPEATED = re.compile(r"(\w)\1{2,}")
_DISGUISED = re.compile(r"[a-z0-9@$!|+']{1,30}[.,;:?]?")
"""A word that may have digits or signs for letters."""

_BASE64 = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{12,2000}={0,2}(?![A-Za-z0-9+/=])")
_HEX = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}[ ]?){8,1000}(?![0-9A-Fa-f])")


@functools.lru_cache(maxsize=256)
def variants(text: str) -> tuple[str, ...]:
    """`text` in lower case as it stands, and as it may be meant; the first is the plainest. Never empty."""
    found: dict[str, None] = {}
    for source in (text, _INVISIBLE.sub(" ", text), *decoded(text)):
        plain = _plain(source)
        found[plain] = None
        for changed in (_joined(plain), _REPEATED.sub(r"\1", plain), _undisguised(plain)):
            found[changed] = None
        found[_undisguised(_joined(_REPEATED.sub(r"\1", plain)))] = None
    return tuple(found)


def undisguised(text: str) -> str:
    """The one reading without any disguise but encoding."""
    return _undisguised(_joined(_REPEATED.sub(r"\1", _plain(_INVISIBLE.sub("", without_gaps(text))))))


def _plain(text: str) -> str:
    """NFKC, lower case, without marks and invisible characters; look-alikes as Latin letters."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text)).lower()
    kept = "".join(char for char in folded if char in "\n\t" or unicodedata.category(char) not in _DROPPED)
    words = [_latin(word) for word in unicodedata.normalize("NFC", kept).replace("’", "'").split()]
    return " ".join(words)


def _latin(word: str) -> str:
    changed = word.translate(_LOOK_ALIKES)
    return changed if changed.isascii() and (len(word) > 1 or word in "іјѕıɡɑ") else word


def _joined(text: str) -> str:
    """`k i l l` as one word."""
    return _SPACED.sub(lambda match: re.sub(r"[^\w]", "", match.group()), text)


def _undisguised(text: str) -> str:
    """Digits and signs as the letters they look like, in words of both, and in all others once there is one."""
    words = text.split(" ")
    mixed = [bool(_DISGUISED.fullmatch(word)) and not word.isalpha() and not word.isdigit() for word in words]
    if not any(mixed):
        return text
    return " ".join(word.translate(_DIGITS) if _DISGUISED.fullmatch(word) else word for word in words)


def decoded(text: str) -> Iterator[str]:
    """What HTML entities, percent signs, spaced-out words, base64 or hexadecimal stand for, one level deep."""
    for changed in (html.unescape(text), unquote(text), without_gaps(text)):
        if changed != text:
            yield changed
    for match in _BASE64.finditer(text):
        yield from _readable(_from_base64(match.group()))
    for match in _HEX.finditer(text):
        yield from _readable(bytes.fromhex(match.group().replace(" ", "")))


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
    if text and sum(char.isalnum() or char.isspace() for char in text) >= len(text) * 3 // 4:
        yield text
