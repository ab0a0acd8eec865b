"""Numbers that belong to one person: how they are recognised, and the only form in which we show them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from crawler.core.model import Finding, Parent

Kind = Literal["id", "card", "mobile"]

# Provinces of GB/T 2260, with 81 to 83 for residence permits of Hong Kong, Macao and Taiwan.
_PROVINCES: Final = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # ISO 7064 MOD 11-2
_CHECK: Final = "10X98765432"
_CREDIT: Final = {letter: value for value, letter in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
_PUBLISHED_EXAMPLES: Final = frozenset(
    # Annex of GB 11643-1999, and what every form and textbook copies.
    {"11010519491231002X", "440524188001010014", "110101199003077758", "34052419800101001X", "320311770706001"}
)
_GAP: Final = r"[ \u00a0\u3000-]?"
# Not inside a longer number, a word, an address, a file name or a decimal.
_BEFORE: Final = r"(?<![0-9A-Za-z_/=&%#@*＊.-])"
_AFTER: Final = r"(?![0-9A-Za-z_/=&%@*＊])(?!\.\d)(?!-\d)"
_ID: Final = re.compile(rf"{_BEFORE}\d{{6}}{_GAP}\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{3}}[\dXx]{_AFTER}", re.ASCII)
_CARD: Final = re.compile(rf"{_BEFORE}\d{{4}}(?:{_GAP}\d{{4}}){{3}}(?:{_GAP}\d{{1,3}})?{_AFTER}", re.ASCII)
_MOBILE: Final = re.compile(rf"{_BEFORE}(?:\+?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}{_AFTER}", re.ASCII)
_WIDE: Final = {ord("０") + n: str(n) for n in range(10)} | {ord("Ｘ"): "X", ord("ｘ"): "x", ord("－"): "-"}
_ANY_WIDE: Final = re.compile("[０-９Ｘｘ－]")
_FOUR: Final = re.compile("[0-9０-９]{4}")  # every number here holds four digits in a row; most lines do not
_LONG: Final = re.compile(r"[0-9０-９]{6}")
_SHORTEST, _LONGEST = 16, 19  # of a bank card (ISO/IEC 7812)


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a person where it stands in a text; `digits` never leave the program, `mask` may."""

    kind: Kind
    start: int
    end: int
    digits: str

    @property
    def mask(self) -> str:
        return mask(self.digits)


def mask(digits: str) -> str:
    """`138****1234`, `6229**********1234`: the ends, as the published rules on masking show them (RULES 7.4)."""
    head = 3 if len(digits) <= 11 else 4
    return f"{digits[:head]}{'*' * (len(digits) - head - 4)}{digits[-4:]}"


def narrow(text: str) -> str:
    """Full-width digits as plain ones, each character in its place."""
    return text if text.isascii() or not _ANY_WIDE.search(text) else text.translate(_WIDE)


def id_numbers(text: str, until: date) -> Iterator[Number]:
    """Resident identity numbers: province, county, date of birth and check digit fit (GB 11643)."""
    for found in _ID.finditer(narrow(text)) if _LONG.search(text) else ():
        digits = re.sub(r"[^0-9Xx]", "", found[0]).upper()
        if is_id(digits, until):
            yield Number("id", found.start(), found.end(), digits)


def is_id(digits: str, until: date) -> bool:
    if digits in _PUBLISHED_EXAMPLES or digits[:2] not in _PROVINCES or digits[4:6] == "00":
        return False
    try:
        born = date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    if not (date(1900, 1, 1) <= born <= until):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _WEIGHTS, strict=True))
    return _CHECK[total % 11] == digits[17] and not is_credit_code(digits)


def is_credit_code(code: str) -> bool:
    """统一社会信用代码 (GB 32100-2015): 18 characters as well, with a check digit of its own."""
    if len(code) != 18 or code[0] not in "159AY" or code[1] not in "12359":
        return False
    if any(letter not in _CREDIT for letter in code):
        return False
    total = sum(_CREDIT[letter] * pow(3, place, 31) for place, letter in enumerate(code[:17]))
    return (31 - total % 31) % 31 == _CREDIT[code[17]]


def cards(text: str) -> Iterator[Number]:
    """Runs of 16 to 19 digits that pass Luhn; a caller asks for the words 卡号 or 账号 beside them."""
    for found in _CARD.finditer(narrow(text)) if _FOUR.search(text) else ():
        digits = re.sub(r"\D", "", found[0])
        if _SHORTEST <= len(digits) <= _LONGEST and is_card(digits):
            yield Number("card", found.start(), found.end(), digits)


def is_card(digits: str) -> bool:
    if digits[0] == "0" or len(set(digits)) < 4:
        return False
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(two - 9 if two > 9 else two for two in doubled)) % 10 == 0


def mobiles(text: str) -> Iterator[Number]:
    """Mobile numbers, whole."""
    for found in _MOBILE.finditer(narrow(text)) if _FOUR.search(text) else ():
        digits = re.sub(r"\D", "", found[0])[-11:]
        if len(set(digits[3:])) > 2:  # 13800000000 is a specimen
            yield Number("mobile", found.start(), found.end(), digits)


def masked(text: str) -> str:
    """The text with every identity number and every UnionPay card number in it masked, whoever quotes it and why."""
    if not _LONG.search(text):
        return text
    numbers = [*id_numbers(text, date.max), *(card for card in cards(text) if card.digits.startswith("62"))]
    for number in sorted(numbers, key=lambda n: -n.start):
        text = text[: number.start] + number.mask + text[number.end :]
    return text


def without_numbers(finding: Finding) -> Finding:
    """The finding as it may be stored and printed. Addresses stay as they are: they are where one looks."""
    said = (
        finding.message,
        finding.at.quote,
        finding.fix,
        *finding.evidence.values(),
        *(p.text for p in finding.parents),
    )
    if not any(_LONG.search(text) for text in said):
        return finding
    return replace(
        finding,
        message=masked(finding.message),
        at=replace(finding.at, quote=masked(finding.at.quote)),
        fix=masked(finding.fix),
        evidence={label: masked(value) for label, value in finding.evidence.items()},
        parents=tuple(Parent(p.url, masked(p.text), p.css) for p in finding.parents),
    )
