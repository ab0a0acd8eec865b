"""The words of a rule: its docstring, read once for catalogue, `explain` and reports."""

import hashlib
import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from crawler.api import Rule
from crawler.core.model import Clause
from crawler.core.report import RuleRow

HEADINGS = ("为什么", "看什么", "怎么改")

_HEADING = re.compile(rf"^({'|'.join(HEADINGS)})[:：]\s*", re.MULTILINE)
# A line break inside Chinese text is the editor's, not the reader's; between Latin words it is a blank.
_WRAP = re.compile(r"(?<![A-Za-z0-9])\s*\n\s*|\s*\n\s*(?![A-Za-z0-9])")


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    why: str
    look: str
    fix: str


def words_of(rule: Rule) -> Words:
    """What is missing is empty; the contract tests see to it that nothing is."""
    text = inspect.cleandoc(rule.judge.__doc__ or "")
    head, *parts = _HEADING.split(text)
    said = dict(zip(parts[::2], parts[1::2], strict=True))
    title = head.strip().partition("\n")[0]
    return Words(title, *(" ".join(_WRAP.sub("", said.get(name, "").strip()).split()) for name in HEADINGS))


def clause_text(rule: Rule, clauses: Mapping[tuple[str, str], Clause]) -> str:
    """`《标题》（文号）：要求` of every clause the rule rests on."""
    found = [clauses[cite.document, cite.clause] for cite in rule.basis if (cite.document, cite.clause) in clauses]
    return "；".join(f"{_titled(clause.title)}（{clause.number}）：{clause.text.strip()}" for clause in found)


def _titled(title: str) -> str:
    return title if title.startswith("《") else f"《{title}》"


def rule_version(rule: Rule) -> str:
    """Digest of the rule's own file and of the words its family shares (modules that begin with `_`)."""
    file = inspect.getsourcefile(rule.judge)
    return _digest(Path(file)) if file else ""


@cache
def _digest(file: Path) -> str:
    parts = [file, *sorted(p for p in file.parent.glob("_*.py") if p.name != "__init__.py")]
    return hashlib.sha256(b"".join(part.read_bytes().replace(b"\r\n", b"\n") for part in parts)).hexdigest()[:12]


def row(rule: Rule, clauses: Mapping[tuple[str, str], Clause]) -> RuleRow:
    words = words_of(rule)
    return RuleRow(
        code=rule.code,
        name=rule.name,
        title=words.title,
        severity=rule.severity,
        scope=rule.scope.value,
        clause=clause_text(rule, clauses),
        why=words.why,
        look=words.look,
        fix=words.fix,
        family=rule.family,
    )
