"""Which rules run with which option values; what no rule knows is a configuration error with its place."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from inspect import Parameter
from typing import Any, Protocol, get_type_hints

from crawler.api import Rule
from crawler.config import ConfigError, Position, Problem
from crawler.config.problems import offer
from crawler.config.scalars import duration
from crawler.core.model import Clause

Options = Mapping[str, Any]

_TYPES = {bool: "true 或 false", int: "整数", float: "数字", str: "文字", timedelta: "时长，如 24h、30m"}


class Settings(Protocol):
    """What the audit reads of `config/rules.yaml`."""

    @property
    def packages(self) -> tuple[str, ...]: ...
    @property
    def options(self) -> Mapping[str, Options]: ...
    @property
    def site_options(self) -> Mapping[str, Mapping[str, Options]]: ...
    @property
    def disabled(self) -> Collection[str]: ...
    @property
    def retired(self) -> Mapping[str, str]: ...
    @property
    def positions(self) -> Mapping[tuple[str, ...], Position]: ...


class Configured(Protocol):
    """What the audit reads of the configuration."""

    @property
    def rules(self) -> Settings: ...
    @property
    def clauses(self) -> Mapping[tuple[str, str], Clause]: ...


@dataclass(frozen=True, slots=True)
class Selection:
    """Rules to run with their option values; `shown` are those whose results are wanted."""

    rules: tuple[Rule, ...]
    shown: frozenset[str]
    values: Mapping[tuple[str, str], Options]  # (code, site id or "") -> values of the configuration

    def options(self, rule: Rule, site_id: str = "") -> Options:
        found = self.values.get((rule.code, site_id))
        return found if found is not None else self.values.get((rule.code, ""), {})


def select(
    rules: Iterable[Rule], config: Configured, *, only: Collection[str] | None = None, broken: Collection[str] = ()
) -> Selection:
    """Raises ConfigError with all that is wrong in options, codes and clauses. `broken`: codes that could not load."""
    known = {rule.code: rule for rule in rules}
    settings = config.rules
    problems = [*_unknown_codes(known, settings, broken), *_missing_clauses(known.values(), config)]
    values: dict[tuple[str, str], Options] = {}
    for code, rule in known.items():
        general = settings.options.get(code, {})
        values[code, ""] = _read(rule, general, settings, ("options", code), problems)
        for site, by_code in settings.site_options.items():
            if code in by_code:
                own = _read(rule, by_code[code], settings, ("site_options", site, code), problems)
                values[code, site] = {**values[code, ""], **own}
    if problems:
        raise ConfigError(problems)
    active = {code: rule for code, rule in known.items() if code not in settings.disabled}
    shown = frozenset(active) if only is None else frozenset(active).intersection(only)
    # A roll-up cites what other rules found, so these run too, unseen.
    cited = {code for name in shown for code in active[name].rollup}
    return Selection(tuple(active[code] for code in sorted(active) if code in shown | cited), shown, values)


def _unknown_codes(known: Mapping[str, Rule], settings: Settings, broken: Collection[str]) -> Iterator[Problem]:
    named: list[tuple[str, ...]] = [("options", code) for code in settings.options]
    named += [("site_options", site, code) for site, by_code in settings.site_options.items() for code in by_code]
    named += [("disabled", code) for code in settings.disabled]
    for path in named:
        code = path[-1]
        if code in settings.retired:
            yield Problem(_at(settings, path), f"规则 {code} 已停用：{settings.retired[code]}，请删去这一项")
        elif code not in known and code not in broken:
            yield Problem(_at(settings, path), f"没有编号为 {code} 的规则{offer(code, sorted(known))}")
    for code in sorted(set(settings.retired) & set(known)):
        yield Problem(_at(settings, ("retired", code)), f"规则 {code} 仍在使用，不能列为停用")


def _missing_clauses(rules: Iterable[Rule], config: Configured) -> Iterator[Problem]:
    for rule in rules:
        for cite in rule.basis:
            if (cite.document, cite.clause) not in config.clauses:
                file = rule.judge.__module__.replace(".", "/") + ".py"
                near = offer(cite.clause, [clause for document, clause in config.clauses if document == cite.document])
                words = f"规则 {rule.code} 的依据 {cite.document} 第 {cite.clause} 条不在 config/basis/ 中{near}"
                yield Problem(Position(file), words)


def _read(
    rule: Rule, given: Options, settings: Settings, path: tuple[str, ...], problems: list[Problem]
) -> dict[str, Any]:
    hints = get_type_hints(rule.judge)
    values = {}
    for name, raw in given.items():
        if name not in rule.options:
            names = "、".join(rule.options) or "没有选项"
            words = f"规则 {rule.code} 没有选项 {name}{offer(name, rule.options)}（它的选项：{names}）"
            problems.append(Problem(_at(settings, (*path, name)), words))
            continue
        try:
            values[name] = option_value(hints.get(name, Parameter.empty), raw)
        except ValueError as error:
            problems.append(Problem(_at(settings, (*path, name)), f"规则 {rule.code} 的选项 {name} {error}"))
    return values


def option_value(wanted: Any, raw: Any) -> Any:
    """`raw` as a value of the annotated type; ValueError with the rest of a Chinese sentence."""
    if wanted is timedelta:
        try:
            return duration(raw)
        except ValueError as error:
            raise ValueError(f"应写成时长，如 24h、30m，现在是 {raw}") from error
    if wanted == tuple[str, ...]:
        if isinstance(raw, list | tuple) and all(isinstance(item, str) for item in raw):
            return tuple(raw)
        raise ValueError(f"应写成文字的列表，如 [甲, 乙]，现在是 {raw}")
    if wanted is float and isinstance(raw, int) and not isinstance(raw, bool):
        return float(raw)
    if wanted in _TYPES and type(raw) is wanted:
        return raw
    raise ValueError(f"应写成{_TYPES.get(wanted, '规则所要的类型')}，现在是 {raw}")


def _at(settings: Settings, path: tuple[str, ...]) -> Position:
    """The nearest known position: of the option, else of its rule."""
    for end in range(len(path), 0, -1):
        if position := settings.positions.get(path[:end]):
            return position
    return Position("rules.yaml")
