"""Where a page sends its reader at once: a short refresh, or a script on a page that shows next to nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_REFRESH: Final = re.compile(r"^\s*(\d+(?:\.\d*)?)\s*[;,]\s*(?:url\s*=\s*)?[\"']?\s*([^\"'>]+)", re.IGNORECASE)
_AT_ONCE: Final = 5.0  # seconds; a refresh of 600 is a reload
# A page with more to see than this shows itself first; its scripts react to clicks and small screens.
_BARE_TEXT: Final = 200
_BARE_LINKS: Final = 5

_JUMP: Final = re.compile(
    r"(?:(?:window|self|top|parent|document|this)\s*\.\s*)*location(?:\s*\.\s*href)?\s*=(?!=)\s*"
    r"|(?:(?:window|self|top|parent|document)\s*\.\s*)*location\s*\.\s*(?:replace|assign)\s*\(\s*"
    r"|window\s*\.\s*navigate\s*\(\s*|window\s*\.\s*open\s*\((?=[^;]{0,300}_(?:self|top)['\"])\s*",
)
_LITERAL: Final = r"(?:'((?:[^'\\\n]|\\.)*)'|\"((?:[^\"\\\n]|\\.)*)\"|`([^`$]*)`)"
_TERM: Final = re.compile(rf"\s*(?:{_LITERAL}|([A-Za-z_$][\w$.]*))\s*(\+)?")
_VARIABLE: Final = re.compile(
    rf"(?:var|let|const|;|\n|^)\s*([A-Za-z_$][\w$]*)\s*=\s*({_LITERAL}(?:\s*\+\s*{_LITERAL})*)\s*(?=[;\n,]|$)"
)
_DEVICE: Final = re.compile(r"userAgent|navigator\.platform|isMobile|screen\.width", re.IGNORECASE)
# The function that a click or a key starts: `b.onclick = function () {`, `$(".b").click(() => {`.
_HANDLER: Final = re.compile(
    r"(?:\.\s*on(?:click|change|key\w+|submit|mouse\w+|touch\w+)\s*="
    r"|\.\s*(?:click|change|submit|key\w+|mouse\w+|on|bind|addEventListener|delegate)\s*\(\s*"
    r"(?:['\"](?:click|change|submit|key\w+|mouse\w+|touch\w+)['\"]\s*,[^;{}]{0,60})?)"
    r"\s*(?:function\s*\w*\s*\([^(){}]{0,60}\)|\(?[\w, ]{0,40}\)?\s*=>)\s*$"
)


def find(refresh: str, scripts: Sequence[str], text_length: int, link_count: int) -> str:
    """The target as written, "" where there is none."""
    found = _REFRESH.match(refresh) if refresh else None
    if found and float(found[1]) <= _AT_ONCE:
        return found[2].strip()
    if text_length > _BARE_TEXT or link_count > _BARE_LINKS:
        return ""
    return next((target for script in scripts if (target := _jump(script[:20_000]))), "")


def _jump(script: str) -> str:
    code = re.sub(r"/\*.{0,5000}?\*/|(?m:^\s*//(?!-->).*$)", "", script, flags=re.DOTALL)
    variables = {match[1]: _literal(match[2]) for match in _VARIABLE.finditer(code)}
    for jump in _JUMP.finditer(code):
        # "if it is a phone, go to the mobile site" is no redirect of the page.
        if _DEVICE.search(code[max(0, jump.start() - 400) : jump.start()]):
            continue
        if _HANDLER.search(_around(code, jump.start())):
            continue
        target = _evaluate(code, jump.end(), variables)
        if target and target not in {"about:blank", "#"}:
            return target
    return ""


def _around(code: str, at: int) -> str:
    """What stands before the brace that encloses this place; "" where none does within 2,000 characters."""
    depth = 0
    for place in range(at - 1, max(-1, at - 2000), -1):
        if code[place] == "}":
            depth += 1
        elif code[place] == "{":
            if not depth:
                return code[max(0, place - 200) : place]
            depth -= 1
    return ""


def _evaluate(code: str, at: int, variables: dict[str, str]) -> str:
    """A sum of string literals and variables that hold such; anything else is unknown."""
    value = ""
    for _ in range(50):
        term = _TERM.match(code, at)
        if not term:
            return ""
        if term[4] is None:
            value += _unescape(next(group for group in term.groups()[:3] if group is not None))
        elif term[4] in variables:
            value += variables[term[4]]
        else:
            return ""
        if not term[5]:
            return value
        at = term.end()
    return ""


def _literal(code: str) -> str:
    return "".join(_unescape(match[1] or match[2] or match[3] or "") for match in re.finditer(_LITERAL, code))


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
