"""Figures of a paragraph that contradict each other: parts and wholes, growth, shares, a measure out of place."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

_TWO = re.compile(r"\d[^\d\n]{1,60}?\d")  # no two figures, no contradiction
_WIDE = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
PARAGRAPH = 30  # figures of a paragraph that one of growth may belong to
_UNIT = (
    r"万亿元|亿元|万元|千元|元|万人次|人次|万人|万户|万亩|万吨"
    r"|条|件|项|个|家|户|人|亩|公里|吨|篇|期|场|次|所|名|辆|台|套|头|只|株|份|宗|起|例"
)
_NUMBER = re.compile(
    rf"(?<![\d.\-—~～年月第])(\d{{1,3}}(?:[,，]\d{{3}})+|\d{{1,12}})(\.\d{{1,4}})?(多|余)?({_UNIT})(?![\d])"
)
_PERCENT = re.compile(r"(?<![\d.])(\d{1,4}(?:\.\d{1,3})?)[%％]")
_SENTENCE = re.compile(r"[^。；;！？\n]+")
_GROWN = re.compile(r"(?:增加|增长|多|上升|净增|减少|下降|少)了?(?:到)?$")
_LOWER = re.compile(r"(?:减少|下降|少)了?$")
_SINCE = re.compile(r"同比|去年|上年|同期|比\d{4}年|较\d{4}年")
# Stages and qualities overlap: what was accepted is also what was settled (no parts of a whole).
_STAGE = re.compile(
    r"已|完成|办结|办理|办复|答复|整改|受理|满意|合格|达标|累计|其余|占|同比|增|减|新(?:增|开|建|签|设|立|办)|达到|带动|涉及|惠及|平均|人均|每|约|近|超|目标|计划|任务"
    r"|下达|到位|支付|拨付|使用|验收|开工|竣工|投产|签约|共计|总计|合计|分别|不含|率|至少|不少于|以上|以下|提升|以来|排名|第"
)
_WHOLE = re.compile(r"共|总|全[省州市县区镇乡年]|上半年|下半年")
_BACK = 40  # characters before a figure where 其中 makes it a part itself
_RATE = re.compile(r"[\u4e00-\u9fff]{1,4}率(?:为|达|达到|均达|达到了)?$")
_TORN = re.compile(r"([\u4e00-\u9fff]{2})的(\d{1,9})(条|件|项|个|家|人|户|元|万元|亿元)(?=[，,。；;、]|$)")


@dataclass(frozen=True, slots=True)
class Contradiction:
    start: int  # in the paragraph
    end: int
    key: str
    message: str
    evidence: tuple[tuple[str, str], ...] = ()
    right: str = ""


@dataclass(frozen=True, slots=True)
class _Figure:
    value: Decimal
    unit: str
    start: int
    end: int
    label: str  # the words before it, back to the last mark
    slack: Decimal  # half of its last digit


def contradictions(paragraph: str) -> Iterator[Contradiction]:
    if not _TWO.search(paragraph):
        return
    paragraph = paragraph.translate(_WIDE)
    if len(_NUMBER.findall(paragraph)) < 2:
        return
    sentences = [_figures(paragraph, found.start(), found.end()) for found in _SENTENCE.finditer(paragraph)]
    for number, figures in enumerate(sentences):
        yield from _parts(figures, paragraph)
        yield from _carried_on(figures, sentences[:number], paragraph)
        yield from _shares(figures, paragraph)
    yield from _growth(sentences, paragraph)
    yield from _torn(paragraph)


def _figures(text: str, start: int, end: int) -> list[_Figure]:
    found = []
    last = start
    for match in _NUMBER.finditer(text, start, end):
        words = text[last : match.start()]
        label = re.split(r"[，,、：:（(]", words)[-1].strip()
        whole = Decimal(re.sub(r"[,，]", "", match[1]) + (match[2] or ""))
        exponent = whole.as_tuple().exponent
        slack = Decimal(1).scaleb(int(exponent)) / 2 if match[2] or match[4].startswith(("万", "亿")) else Decimal(0)
        if match[3]:  # 200多条 is no figure to count with
            slack = Decimal(10) ** (len(match[1]) - 1)
        found.append(_Figure(whole, match[4], match.start(), match.end(), label, slack))
        last = match.end()
    return found


# ── parts and wholes ─────────────────────────────────────────────────────────────────────────────────────────────────


def _parts(figures: Sequence[_Figure], text: str) -> Iterator[Contradiction]:
    """A whole and the parts listed after it; less than the whole is a fault only where the list says it is complete."""
    for at, total in enumerate(figures):
        parts = _listed(figures[at + 1 :], total)
        if len(parts) < 2:
            continue
        between = text[total.end : parts[0].start]
        told = "其中" in between
        first_part = "其中" in text[max(0, total.start - _BACK) : total.start]
        if not told and (first_part or not (len(parts) >= 3 and _alike(parts, total))):
            continue
        if any(_STAGE.search(_plain(part.label)) for part in parts) or len({p.label for p in parts}) < len(parts):
            continue
        whole = sum((part.value for part in parts), Decimal(0))
        slack = total.slack + sum((part.slack for part in parts), Decimal(0))
        complete = told and _plain(parts[-1].label).startswith(("其他", "其它"))
        if whole > total.value + slack or (complete and whole < total.value - slack):
            more = "多于" if whole > total.value else "少于"
            sum_words = " + ".join(f"{part.value:,}" for part in parts)
            yield Contradiction(
                total.start,
                total.end,
                "sum",
                f"各项相加是 {whole:,}{total.unit}，{more}所说的总数 {total.value:,}{total.unit}",
                (("算式", f"{sum_words} = {whole:,}"), ("总数", f"{total.value:,}{total.unit}")),
            )
            return


def _carried_on(figures: Sequence[_Figure], earlier: Sequence[Sequence[_Figure]], text: str) -> Iterator[Contradiction]:
    """A sentence that begins with 其中 lists parts of a whole said before: of the greatest of its unit at most."""
    if len(figures) < 2 or not re.search(r"[。；;]\s*其中[^。；;]{0,30}$", text[: figures[0].start]):
        return
    totals = [f for sentence in earlier for f in sentence if f.unit == figures[0].unit]
    if not totals:
        return
    total = max(totals, key=lambda figure: figure.value)
    parts = _listed(figures, total)
    whole = sum((part.value for part in parts), Decimal(0))
    slack = total.slack + sum((part.slack for part in parts), Decimal(0))
    if len(parts) > 1 and whole > total.value + slack and not any(_STAGE.search(_plain(p.label)) for p in parts):
        sum_words = " + ".join(f"{part.value:,}" for part in parts)
        message = f"“其中”各项相加是 {whole:,}{total.unit}，多于所说的总数 {total.value:,}{total.unit}"
        yield Contradiction(parts[0].start, parts[-1].end, "sum", message, (("算式", f"{sum_words} = {whole:,}"),))


def _listed(rest: Sequence[_Figure], total: _Figure) -> list[_Figure]:
    parts: list[_Figure] = []
    for figure in rest:
        if figure.unit != total.unit or figure.value > total.value or not _plain(figure.label):
            break
        parts.append(figure)
    return parts


def _plain(label: str) -> str:
    return label.removeprefix("其中").strip("，,：: ")


def _alike(parts: Sequence[_Figure], total: _Figure) -> bool:
    """Whether every part ends in the one verb that the whole has, too: 公开 … 公开 … 公开.

    A "whole" that ends in it as the parts do is the first of them (新建小学5所，改建小学4所), unless it says otherwise.
    """
    verb = parts[0].label[-2:]
    if len(verb) < 2 or verb not in total.label or not all(part.label.endswith(verb) for part in parts):
        return False
    return not total.label.endswith(verb) or _WHOLE.search(total.label) is not None


# ── growth and shares ────────────────────────────────────────────────────────────────────────────────────────────────


def _growth(sentences: Sequence[Sequence[_Figure]], text: str) -> Iterator[Contradiction]:
    """`x, n more than a year ago, p %`: flagged where no earlier figure of the unit makes p of n."""
    before: list[_Figure] = []
    for figures in sentences:
        for at, more in enumerate(figures):
            known = [f for f in (*before, *figures[:at]) if f.unit == more.unit and f.value > more.value]
            label = text[max(0, more.start - 12) : more.start]
            if not known or not _GROWN.search(label) or not _SINCE.search(text[max(0, more.start - 40) : more.start]):
                continue
            stated = _PERCENT.search(text, more.end, more.end + 14)
            if stated is None or not re.search(r"增长|增幅|下降|降幅|上升|降低", text[more.end : stated.start()]):
                continue
            falls = bool(_LOWER.search(label))
            near = [f for f in known if not _GROWN.search(text[max(0, f.start - 6) : f.start])][-PARAGRAPH:]
            if near and not any(_fits(f, more, stated[1], falls=falls) for f in near):
                first = near[0]
                base = first.value + more.value if falls else first.value - more.value
                real = more.value / base * 100
                yield Contradiction(
                    more.start,
                    stated.end(),
                    "growth",
                    f"“{text[more.start : stated.end()]}”与总数 {first.value:,}{first.unit} 对不上，推算是 {real:.1f}%",
                    (
                        (
                            "算式",
                            f"{more.value:,} ÷ ({first.value:,} {'+' if falls else '−'} {more.value:,}) = {real:.1f}%",
                        ),
                    ),
                )
                return
        before += [f for f in figures if f.slack < f.value]


def _fits(total: _Figure, more: _Figure, stated: str, *, falls: bool) -> bool:
    said = Decimal(stated)
    step = Decimal(1).scaleb(int(said.as_tuple().exponent))
    results = []
    for part in (more.value - more.slack, more.value + more.slack):
        for whole in (total.value - total.slack, total.value + total.slack):
            base = whole + part if falls else whole - part
            if base <= 0:
                return True
            results.append(part / base * 100)
    return min(results) - step <= said <= max(results) + step


def _shares(figures: Sequence[_Figure], text: str) -> Iterator[Contradiction]:
    """`of x items n were settled, a rate of p %`: flagged where no two figures of one unit make p."""
    if len(figures) < 2:
        return
    for stated in _PERCENT.finditer(text, figures[1].end, figures[-1].end + 16):
        label = text[max(0, stated.start() - 8) : stated.start()]
        before = [f for f in figures if f.end <= stated.start()]
        near = [f for f in before if stated.start() - f.end <= 10]
        if not _RATE.search(label) or re.search(r"增长率|利率|税率|覆盖率|同比", label) or not near:
            continue
        part = near[-1]
        wholes = [f for f in before if f.unit == part.unit and f is not part]
        if len(wholes) != 1 or wholes[0].value < part.value or wholes[0].slack or part.slack or not wholes[0].value:
            continue
        said = Decimal(stated[1])
        step = Decimal(1).scaleb(int(said.as_tuple().exponent))
        real = part.value / wholes[0].value * 100
        if abs(real - said) > step:
            whole = wholes[0]
            yield Contradiction(
                part.start,
                stated.end(),
                "share",
                f"{part.value:,}{part.unit}占 {whole.value:,}{whole.unit} 的 {real:.1f}%，文中写的是 {stated[0]}",
                (("算式", f"{part.value:,} ÷ {whole.value:,} = {real:.1f}%"),),
            )
            return


# ── a measure out of its place ───────────────────────────────────────────────────────────────────────────────────────


def _torn(text: str) -> Iterator[Contradiction]:
    """信息的5233条 among several 的信息10416条."""
    for match in _TORN.finditer(text):
        usual = re.findall(rf"的{match[1]}\d+{match[3]}", text)
        if len(usual) >= 2 and not text[: match.start()].endswith("的"):
            right = f"的{match[1]}{match[2]}{match[3]}"
            words = f"“{match[0]}”语序不当，同段其他各项写作“……的{match[1]}若干{match[3]}”"
            yield Contradiction(match.start(), match.end(), "order", words, right=right)
            return
