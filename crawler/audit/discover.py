"""Finds the rules in the packages that the configuration names; a broken one breaks nothing but itself."""

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path

from crawler.api import Rule

# The code as it stands in a file that cannot be imported.
_CODE = re.compile(r"^@\w+_rule\(\s*[\"']([A-Z]{2}-\d+)[\"']", re.MULTILINE)


@dataclass(frozen=True, slots=True, order=True)
class BrokenRule:
    """A rule that cannot run: it becomes a `crashed` result of its own."""

    code: str  # or the module's name where no code can be read
    file: str
    error: str


@dataclass(frozen=True, slots=True)
class Discovered:
    rules: tuple[Rule, ...]  # by code
    broken: tuple[BrokenRule, ...]


def discover(packages: Iterable[str] = ("rules",)) -> Discovered:
    """All rules of the packages. A module whose name begins with an underscore is shared words, not a rule."""
    found: dict[str, tuple[Rule, str]] = {}
    broken: list[BrokenRule] = []
    for name in sorted({module for package in packages for module in _modules(package, broken)}):
        rule = _read(name, broken)
        if rule is None:
            continue
        file = _file(find_spec(name))
        if rule.code in found:
            elder = found[rule.code][1]
            # Under its own name: the code's one result belongs to the elder.
            broken.append(BrokenRule(rule.name, file, f"规则编号 {rule.code} 已被 {elder} 使用，请另取编号"))
        else:
            found[rule.code] = (rule, file)
    return Discovered(tuple(found[code][0] for code in sorted(found)), tuple(sorted(broken)))


def _modules(package: str, broken: list[BrokenRule]) -> Iterator[str]:
    try:
        folder = importlib.import_module(package).__path__
    except Exception as error:  # noqa: BLE001 -- whatever a rule package does on import is its own crash
        broken.append(BrokenRule(package, package, f"规则包无法导入：{_words(error)}"))
        return
    for module in pkgutil.iter_modules(folder, package + "."):
        if module.name.rpartition(".")[2].startswith("_"):
            continue
        if module.ispkg:
            yield from _modules(module.name, broken)
        else:
            yield module.name


def _read(name: str, broken: list[BrokenRule]) -> Rule | None:
    stem = name.rpartition(".")[2]
    try:
        module = importlib.import_module(name)
    except Exception as error:  # noqa: BLE001 -- see above
        file = _file(find_spec(name))
        broken.append(BrokenRule(_code_in(file) or stem, file, f"规则文件无法导入：{_words(error)}"))
        return None
    file = _file(module.__spec__)
    rules = [rule for rule in vars(module).values() if isinstance(rule, Rule) and rule.judge.__module__ == name]
    if len(rules) != 1:
        broken.append(BrokenRule(_code_in(file) or stem, file, f"一个文件应有且只有一条规则，此处有 {len(rules)} 条"))
        return None
    rule = rules[0]
    if rule.name != stem:
        broken.append(BrokenRule(rule.code, file, f"文件名 {stem} 与规则函数名 {rule.name} 不一致，两者应相同"))
        return None
    if not rule.basis:
        broken.append(BrokenRule(rule.code, file, "规则没有写明依据（basis）"))
        return None
    return rule


def _file(spec: ModuleSpec | None) -> str:
    """Package path and file name: the same on every machine."""
    if spec is None or not spec.origin:
        return ""
    return "/".join(Path(spec.origin).parts[-(spec.name.count(".") + 1) :])


def _code_in(file: str) -> str:
    spec = find_spec(file.removesuffix(".py").replace("/", "."))
    if spec is None or not spec.origin:
        return ""
    try:
        source = Path(spec.origin).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    match = _CODE.search(source)
    return match[1] if match else ""


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
