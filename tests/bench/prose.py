"""False alarms of the wording rules on innocent prose: hits per million Chinese characters, by rule.

    python -m tests.bench.prose FOLDER_OR_FILE ... [--sample 100]

Reads .html, .txt, .gz of them; texts that come as `word/tag word/tag` are put together. Nothing is fetched.
"""

from __future__ import annotations

import argparse
import gzip
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from crawler.api import PageFacts, SiteView
from crawler.config import load
from crawler.core.clock import SHANGHAI
from crawler.core.facts import Dated
from crawler.core.model import Finding, Platform, Site, State
from crawler.core.views import Known, PageView
from crawler.parse import parse
from tests.rules.harness import all_rules

HAN = re.compile(r"[\u4e00-\u9fff]")
TAGGED = re.compile(r"/[A-Za-z]{1,3}\b\]?(?:[A-Za-z]{1,3}\b)?|\[")
PIECE = 20_000  # characters of plain text that are one page
DAY = datetime(2026, 11, 1, 9, 0, tzinfo=SHANGHAI)


def documents(paths: list[str]) -> Iterator[tuple[str, PageFacts]]:
    files = [f for p in paths for f in ([Path(p)] if Path(p).is_file() else sorted(Path(p).rglob("*")))]
    for file in files:
        name = file.name.removesuffix(".gz")
        if not file.is_file() or not name.endswith((".html", ".htm", ".txt")):
            continue
        data = file.read_bytes()
        data = gzip.decompress(data) if file.suffix == ".gz" else data
        if name.endswith("txt"):
            text = data.decode("utf-8", "replace")
            if len(re.findall(r"/[a-z]{1,2} ", text[:2_000])) > 50:  # a tagged corpus
                text = "\n".join("".join(TAGGED.sub("", line).split()) for line in text.split("\n"))
            for at in range(0, len(text), PIECE):
                yield f"{file}#{at}", PageFacts("", "", "utf-8", prose=text[at : at + PIECE])
        else:
            yield str(file), parse(data, "https://www.lxs.gov.cn/a.html").facts


def judged(paths: list[str]) -> Iterator[tuple[str, str, list[tuple[str, Finding]], float]]:
    config = load(Path(__file__).parents[2] / "config")
    site = Site("lxs", "", None, "portal", "p", "https://www.lxs.gov.cn/", ("www.lxs.gov.cn",))
    view = SiteView(site, Platform("p"), DAY, None, (), lambda: iter(()), lambda: iter(()), lambda *_: ())
    view.words = config.words
    rules = [r for r in all_rules() if r.code.startswith("WD-") and not r.inputs and r.code != "WD-08"]
    for name, facts in documents(paths):
        if len(HAN.findall(facts.prose)) < 50:
            continue
        facts = replace(facts, kind="article", published=Dated(DAY, "meta"), soft_error="", redirect="", shell=False)  # noqa: PLW2901
        page = PageView(view, "https://www.lxs.gov.cn/a.html", Known("", "fresh", State.ALIVE), facts, facts.footer, ())
        started = time.perf_counter()
        said = [(rule.code, word) for rule in rules for word in rule.judge(page) if isinstance(word, Finding)]
        yield name, facts.prose, said, time.perf_counter() - started


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("paths", nargs="+")
    asked.add_argument("--sample", type=int, default=0)
    asked.add_argument("--seed", type=int, default=7)
    told = asked.parse_args()
    characters = pages = 0
    seconds = 0.0
    counts: Counter[str] = Counter()
    keys: dict[str, Counter[str]] = defaultdict(Counter)
    found: list[tuple[str, str, Finding]] = []
    for name, prose, said, took in judged(told.paths):
        characters += len(HAN.findall(prose))
        pages += 1
        seconds += took
        for code, finding in said:
            counts[code] += 1
            keys[code][finding.key.partition("@")[0]] += 1
            found.append((code, name, finding))
    print(
        f"{characters:,} Chinese characters, {pages} pages, {seconds:.2f} s "
        f"({1000 * seconds / max(pages, 1):.2f} ms a page)"
    )
    for code in sorted(counts):
        rate = counts[code] / characters * 1_000_000
        print(f"{code}  {counts[code]:6}  {rate:8.1f} per million  {keys[code].most_common(25)}")
    random.seed(told.seed)
    for code, name, finding in random.sample(found, min(told.sample, len(found))):
        place = Path(name).name[:30]
        print(f"{code}\t{finding.certainty}\t{finding.message}\t{finding.evidence.get('原文', '')}\t{place}")


if __name__ == "__main__":
    main()
