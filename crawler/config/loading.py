"""Read a configuration folder: every fault of every file at once, or a `Config`."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, get_args

from pydantic import BaseModel, RootModel, ValidationError

from crawler.config import build, checks, scoring, shapes, topics, wordlists
from crawler.config.inputs import Inputs, read_inputs, with_outages
from crawler.config.problems import ConfigError, Position, Problem, in_chinese
from crawler.config.reading import Source, read
from crawler.config.settings import ColumnKinds, Config
from crawler.core.model import EXTERNAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# The supported installation is a clone: its own config/ stands beside the packages.
SHIPPED = Path(__file__).resolve().parents[2] / "config"

_Shape = TypeVar("_Shape", bound=BaseModel)


def load(directory: Path) -> Config:
    """Files that a folder need not have come from the clone's own config/; raises ConfigError."""
    if not directory.is_dir():
        what = "不是文件夹" if directory.exists() else "文件夹不存在"
        raise ConfigError([Problem(Position(str(directory)), f"配置{what}，请用 --config 指到含有 sites/ 的文件夹")])
    return _Loading(directory).config()


class _Loading:
    """One reading of a folder; collects what is wrong until the end."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.files: list[Source] = []
        self.problems: list[Problem] = []

    def config(self) -> Config:  # noqa: PLR0915 -- one line a file, and one for each that must be there
        site_files = self._sites()
        platform_file = self._shipped("platforms.yaml")
        kinds_file = self._shipped("column_kinds.yaml")
        rules_file = self._shipped("rules.yaml")
        basis_files, word_files = self._overlaid("basis"), self._overlaid("words")
        waf_file, holidays_file = self._shipped("waf.yaml"), self._shipped("holidays.yaml")
        crawl_file = self._shipped("crawl.yaml")
        score_file, topics_file = self._shipped("score.yaml"), self._shipped("topics.yaml")
        source_file, network_file = self._own("sources.yaml"), self._own("network.yaml")

        sites = _validate_each(site_files, shapes.SiteShape)
        platforms = _validate(platform_file, shapes.Platforms)
        kinds = _validate(kinds_file, shapes.KindsShape)
        rules = _validate(rules_file, shapes.RulesShape)
        documents = _validate_each(basis_files, shapes.DocumentShape)
        words = _validate_each(word_files, shapes.WordsShape)
        waf = _validate(waf_file, shapes.Signatures)
        years = _validate(holidays_file, shapes.Years)
        crawl = _validate(crawl_file, shapes.CrawlShape)
        score = _validate(score_file, scoring.ScoreShape)
        subjects = _validate(topics_file, topics.TopicsShape)
        sources = _validate(source_file, shapes.Sources) if source_file else shapes.Sources([])
        network = _validate(network_file, shapes.NetworkShape) if network_file else shapes.NetworkShape()

        site_ids = [name for file in site_files if isinstance(name := _get(file, "id"), str)]
        checks.check_platforms(platform_file)
        checks.check_kinds(kinds_file)
        checks.check_basis(basis_files)
        wordlists.check_words(word_files)
        if kinds:
            checks.check_sites(site_files, _platform_ids(platform_file), build.kinds(kinds))
        if source_file:
            checks.check_sources(source_file, site_ids)
        if network_file:
            checks.check_network(network_file)
        if rules_file.path.is_relative_to(self.directory):
            checks.check_site_options(rules_file, site_ids)

        problems = [*self.problems, *(problem for file in self.files for problem in file.problems)]
        inputs = self._inputs(sites, site_files, build.kinds(kinds)) if kinds else Inputs()
        problems += inputs.problems
        if problems:
            raise ConfigError(problems)
        assert platforms, "no shape without a problem"
        assert kinds
        assert rules
        assert waf
        assert years
        assert crawl
        assert score
        assert subjects
        assert sources
        assert network
        vocabulary = build.kinds(kinds)
        return Config(
            directory=self.directory,
            sites=tuple(
                sorted(
                    (with_outages(build.site(shape, vocabulary), inputs) for shape in sites), key=build.official_order
                )
            ),
            platforms={EXTERNAL.id: EXTERNAL} | {shape.id: build.platform(shape) for shape in platforms.root},
            sources=tuple(build.source(shape, self.directory) for shape in sources.root),
            network=build.network(network, self.directory),
            rules=build.rules(rules, rules_file, site_ids),
            clauses={(c.document, c.id): c for shape in documents for c in build.clauses(shape)},
            kinds=vocabulary,
            waf=tuple(build.signature(shape) for shape in waf.root),
            workdays=build.workdays(years),
            attachments=build.attachments(crawl.attachments),
            rendering=build.rendering(crawl.rendering),
            inputs=inputs,
            score=scoring.table(score),
            topics=topics.topics(subjects),
            words=wordlists.words(words),
            digest=_digest(
                [*sites, *documents, *words, kinds, rules, waf, years, network, crawl],
                [*platforms.root, *sources.root],
            ),
        )

    def _inputs(self, sites: Iterable[shapes.SiteShape], files: Iterable[Source], kinds: ColumnKinds) -> Inputs:
        """Only where every site was read: an id that is not there would be said to be unknown."""
        if any(file.problems for file in files):
            return Inputs()
        return read_inputs(self.directory, [build.site(shape, kinds) for shape in sites], _shown(self.directory))

    def _sites(self) -> list[Source]:
        folder = self.directory / "sites"
        paths = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
        for path in sorted(folder.glob("*.yml")) if folder.is_dir() else []:
            self.problems.append(Problem(Position(_shown(path)), "扩展名应为 .yaml，请改名，否则不会被读取"))
        if not paths:
            words = "一个网站也没有登记：请在这里为每个网站放一个 <id>.yaml"
            self.problems.append(Problem(Position(_shown(folder)), words))
        return [self._read(path) for path in paths]

    def _overlaid(self, name: str) -> list[Source]:
        """The clone's files of a folder, with the folder's own laid over them by file name."""
        folders = [SHIPPED / name, self.directory / name]
        paths = {path.name: path for folder in folders if folder.is_dir() for path in sorted(folder.glob("*.yaml"))}
        return [self._read(path) for path in paths.values()]

    def _own(self, name: str) -> Source | None:
        path = self.directory / name
        return self._read(path) if path.exists() else None

    def _shipped(self, name: str) -> Source:
        return self._own(name) or self._read(SHIPPED / name)

    def _read(self, path: Path) -> Source:
        source = _read_words(path) if path.parent == SHIPPED / "words" else read(path, _shown(path))
        self.files.append(source)
        return source


def _read_words(path: Path) -> Source:
    """The longest of our files, which no program changes while it runs; a quarter of a second to read."""
    found = path.stat()
    source = _words_of(path, _shown(path), found.st_mtime_ns, found.st_size)
    return replace(source, problems=list(source.problems))


@cache
def _words_of(path: Path, shown: str, _changed: int, _size: int) -> Source:
    return read(path, shown)


def _validate(source: Source, shape: type[_Shape]) -> _Shape | None:
    if source.problems and source.data is None:
        return None
    try:
        return shape.model_validate(source.data)
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False):
            loc = tuple(part for part in error["loc"] if part != "[key]")
            place = source.at_key(loc) if error["type"] == "extra_forbidden" else source.at(loc)
            if error["loc"][-1:] == ("[key]",):
                place = source.at_key(loc)
            raw = source.raw.get(loc)
            words = in_chinese({**error, "loc": loc}, _keys_at(shape, loc), raw)
            source.problems.append(Problem(place, words))
        return None


def _validate_each(sources: Iterable[Source], shape: type[_Shape]) -> list[_Shape]:
    return [valid for source in sources if (valid := _validate(source, shape))]


def _keys_at(shape: type[BaseModel], loc: Sequence[int | str]) -> Iterator[str]:
    """The keys that may be written where `loc` ends."""
    model: type[BaseModel] = shape
    for part in loc[:-1]:
        names = {info.alias or name: info for name, info in model.model_fields.items()}
        info = names.get("root") if issubclass(model, RootModel) else names.get(str(part))
        inner = next(_models(info.annotation), None) if info else None
        model = inner or model
    yield from (info.alias or name for name, info in model.model_fields.items())


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _platform_ids(source: Source) -> list[str]:
    rows = source.data if isinstance(source.data, list) else []
    return [row["id"] for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)]


def _get(source: Source, key: str) -> object:
    return source.data.get(key) if isinstance(source.data, dict) else None


def _shown(path: Path) -> str:
    """As short as it stays findable."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _digest(single: Iterable[BaseModel], rows: Iterable[BaseModel]) -> str:
    """sha256 of the values; the order of files, of rows with an id and of keys does not count, nor do comments."""
    parts = sorted(
        json.dumps([type(one).__name__, one.model_dump(mode="json")], ensure_ascii=False, sort_keys=True)
        for one in (*single, *rows)
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
