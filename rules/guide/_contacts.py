"""Phones, mail addresses and web addresses of a guide, as people write them."""

import re
from collections.abc import Iterator

_DIGITS = r"[(]?\+?\d[\d\s()/、,\-—–－‐~]*(?:转\d+)?[\d\s()/、,\-—–－‐~转]*"
PHONE_LABEL = re.compile(
    r"(?P<label>[\u4e00-\u9fff]{0,8}?(?:电话|传真|TEL|FAX)(?:号码)?)(?:\([^)]{0,12}\))?[:\s是为]{0,6}(?P<value>"
    + _DIGITS
    + ")",
    re.IGNORECASE,
)
MASKED = re.compile(r"(?:电话|传真)(?:号码)?[:\s]{0,4}(?P<value>\d{0,4}-?[XxＸ×*＊]{3,12})")
MAIL = re.compile(r"[A-Za-z0-9][\w.+-]{0,60}@[\w-]{1,60}(?:\.[\w-]{2,20}){1,4}", re.ASCII)
MAIL_LABEL = re.compile(
    r"(?:电子邮箱|电子信箱|电子邮件(?:地址)?|邮箱(?:地址)?|E-?mail)[:\s]{1,4}(?P<value>[\w.+#＃@-]{3,60})",
    re.IGNORECASE | re.ASCII,
)
WEB = re.compile(r"(?:https?://|www\.)[A-Za-z0-9.-]{3,80}(?::\d{2,5})?(?:/[A-Za-z0-9_./?=&%-]{0,200})?", re.ASCII)
DOMAIN = re.compile(r"[A-Za-z0-9-]{1,40}(?:\.[A-Za-z0-9-]{1,40}){0,3}\.(?:gov\.cn|com|cn|net|org)\b", re.ASCII)

_SHORT = re.compile(r"1\d{2}|1[0-2]\d{3}|9[56]\d{3,4}|12\d{3}")
_FREE = re.compile(r"[48]00\d{7}")
_MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}")


def phones(flat: str) -> Iterator[tuple[str, str]]:
    """(label, number as written) of every phone and fax number with a label."""
    for match in PHONE_LABEL.finditer(flat):
        for number in _parts(match["value"]):
            yield match["label"], number


def _parts(value: str) -> Iterator[str]:
    first_line = value.strip().split("\n")[0]
    for part in re.split(r"[、,/]|\s{2,}|(?<=\d{7})\s+(?=[\d(])", first_line):
        digits = re.sub(r"\D", "", part)
        if len(digits) >= 3 and not re.fullmatch(r"0\d{2,3}", digits):  # an area code alone: the number is masked
            yield part.strip(" -—–－‐~()") if part.count("(") != part.count(")") else part.strip(" -—–－‐~")


def phone_fault(number: str) -> str:  # noqa: PLR0911 -- one return a reason
    """What is wrong with the shape of a number; "" where it can be dialled. Unsure is right."""
    bare = re.sub(r"转\d*$", "", number)
    groups = re.findall(r"\d+", bare)
    digits = "".join(groups)
    if _SHORT.fullmatch(digits) or _FREE.fullmatch(digits) or _MOBILE.fullmatch(digits):
        return ""
    if digits.startswith("1") and len(digits) in {10, 12} and len(groups) == 1 and digits[1:2] in "3456789":
        return f"手机号码应为11位，写了{len(digits)}位"
    if (groups and groups[0] == "86") or digits.startswith("0086"):
        return ""
    if digits.startswith("0"):
        area, local = _split(groups)
        if local is None:
            return "" if len(digits) in {10, 11, 12} else f"区号加号码应为10至12位，写了{len(digits)}位"
        if len(area) not in {3, 4}:
            return f"区号应为3至4位，写了{len(area)}位"
        return "" if len(local) in {7, 8} or _SHORT.fullmatch(local) else f"固定电话应为7至8位，写了{len(local)}位"
    if len(groups) == 1 or (len(groups) > 1 and len(groups[0]) in {7, 8}):
        length = len(groups[0])
        return "" if length in {7, 8} else f"固定电话应为7至8位，写了{length}位" if length in {4, 5, 6, 9} else ""
    return ""


def _split(groups: list[str]) -> tuple[str, str | None]:
    """Area code and local number; None where both are written as one. A number in two halves is one: 0930 621 2345."""
    if len(groups) == 1:
        return groups[0], None
    local = groups[1]
    if len(local) in {3, 4} and len(groups) > 2 and len(groups[2]) == 4:
        local += groups[2]
    return groups[0], local
