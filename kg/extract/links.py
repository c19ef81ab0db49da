"""Addresses in a text: the form that a browser opens, and what the clause around says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HOSTS = (
    r"github\.com|gitlab\.com|bitbucket\.org|huggingface\.co|hf\.co|kaggle\.com|zenodo\.org|figshare\.com|osf\.io|codeberg\.org|gitee\.com|sourceforge\.net"
    r"|anonymous\.4open\.science|colab\.research\.google\.com|drive\.google\.com|sites\.google\.com|modelscope\.cn|aclanthology\.org|dataverse\.\w+\.edu"
    r"|doi\.org|arxiv\.org|youtu\.be|youtube\.com|youtube\.be|bit\.ly|tinyurl\.com|goo\.gl|aka\.ms|git\.io"
)
_SUFFIXES = r"com|org|net|io|ai|edu|gov|co|dev|app|cn|de|uk|jp|kr|fr|eu|ch|in|nl|kz|ru|pl|se|no|be|at|gr|ie|il|sg|hk|tw|br|vn|xyz|it|es|ca|au|info|science|tech|me|cc|xyz|page|site|online|cloud|team|cafe"
_URL = re.compile(
    rf"(?:https?\s?:\s?//\s?|www\.)[^\s<>\"`|]+"
    rf"|(?<![\w@./-])(?:{_HOSTS})/[^\s<>\"`|]+"
    rf"|(?<![\w@./-])[A-Za-z0-9][\w-]*(?:\.[\w-]+)*\.(?:github|gitlab|hf|netlify|vercel|readthedocs|pages)\.(?:io|space|app|dev)\b(?:/[^\s<>\"`|]*)?"
    rf"|(?<![\w@./-])(?:[A-Za-z0-9][\w-]*\.)+(?:{_SUFFIXES})/[^\s<>\"`|]+"
    rf"|(?:(?<=\bat )|(?<=\bfrom )|(?<=\bsee )|(?<=\bvisit )|(?<=\bvia )|(?<=: )|(?<=\bat\n)|(?<=\()|(?<={{))(?-i:(?:[a-z0-9][\w-]*\.)+(?:{_SUFFIXES})\b(?![\w@-]|\.\w))",
    re.I,
)
# Each address has one of these; a search for a sign that stands first is many times faster than one for a choice.
_COLON = re.compile(r":\s?//")
_DOT = re.compile(rf"\.(?=\S)(?:(?<=www\.)|(?:{_SUFFIXES}|be|ly|gl|ms|space)\b)", re.I)
_SCHEME = len("https :")
_MIRROR = re.compile(r"^hf-proxy-[\w.-]+?\.workers\.dev", re.I)
_NO_REPOSITORY = re.compile(r"(?:github|gitlab|huggingface|bitbucket)\.\w+/[\w.-]+/$", re.I)  # the last word behind a space is its name
_REST = re.compile(r"\s([\w.~%+-]+(?:/[\w.~%+/-]*)?)")


@dataclass(frozen=True, slots=True)
class Link:
    """An address at `start:end` of a text; `url` is its canonical form, `roles` what it gives, by probability."""

    start: int
    end: int
    url: str
    is_repository: bool


def _cut(raw: str) -> str:
    """Leave off what closes the clause and not the address."""
    while raw:
        if (
            raw[-1] in ".,;:!?'\"’”*“‘`>|\\$~"
            or (raw[-1] in ")]}" and raw.count(raw[-1]) > raw.count({")": "(", "]": "[", "}": "{"}[raw[-1]]))
            or raw[-1] in "([{"
        ):
            raw = raw[:-1]
        elif raw.endswith("{link}"):
            raw = raw[: -len("{link}")]
        else:
            return raw
    return raw


def canonical_url(raw: str) -> str:
    """The form that a browser opens: a scheme, a small host, nothing left of TeX, no `.git`.

    >>> canonical_url("GitHub.com/open-mmlab/mmpose.git{link}.")
    'https://github.com/open-mmlab/mmpose'
    >>> canonical_url(r"https://hf-proxy-x1.workers.dev/datasets/a/b}")
    'https://huggingface.co/datasets/a/b'
    """
    raw = re.sub(r"\s+", "", raw)
    for opener in ("}{", "](", "\\footnote", "\\url", "\\href"):
        raw = raw.split(opener)[0]
    raw = _cut(raw).replace("\\_", "_").replace("\\%", "%").replace("\\#", "#").replace("\\~", "~").replace("\\", "")
    raw = _cut(raw.replace("{", "").replace("}", ""))
    scheme, _, rest = raw.partition("://")
    if not rest:
        scheme, rest = "https", raw
    host, slash, path = rest.partition("/")
    host = _MIRROR.sub("huggingface.co", host.lower())
    path = path.removesuffix(".git").rstrip("/")
    return f"{scheme.lower()}://{host}" + (slash + path if path else "")


_REPOSITORY = re.compile(
    r"^https?://(?:www\.)?(?:github\.com|gitlab\.[\w.]+|bitbucket\.org|codeberg\.org|gitee\.com|anonymous\.4open\.science|sourceforge\.net)/[^/]+"
    r"|^https?://huggingface\.co/(?:datasets/|spaces/)?[^/]+/[^/]+|^https?://hf\.co/[^/]+/[^/]+",
    re.I,
)


def find_link_signs(text: str) -> list[int]:
    """Places of signs without which there is no address: the colon of a scheme, the dot before a host's last part or behind "www"."""
    return [match.start() for sign in (_COLON, _DOT) for match in sign.finditer(text)]


def find_links(text: str) -> list[Link]:
    """All addresses of a text, in order of place."""
    signs = find_link_signs(text)
    if not signs:
        return []
    before = max(0, min(signs) - _SCHEME)
    begin = max(text.rfind(" ", 0, before), text.rfind("\n", 0, before)) + 1
    found: list[Link] = []
    for match in _URL.finditer(text, begin):
        start, end = match.span()
        raw = match.group()
        if found and start < found[-1].end:
            continue
        if (raw.rstrip(".").endswith("/") and not raw.endswith(".")) or raw.endswith(("-", "_", "/")):
            rest = _REST.match(text, end)  # an address that a space broke
            is_name = rest and _NO_REPOSITORY.search(raw) and (rest.group().endswith(".") or rest.end() == len(text))
            if rest and (is_name or re.search(r"[\d_/.-]|[a-z][A-Z]", rest.group(1).rstrip("."))):
                end = rest.end()
        kept = _cut(text[start:end])
        url = canonical_url(kept)
        if len(url) > 10 and "." in url:
            found.append(Link(start, start + len(kept), url, bool(_REPOSITORY.match(url))))
    return found
