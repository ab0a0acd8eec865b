"""Which folders the demonstration may write over: those it made itself, and new ones."""

from __future__ import annotations

from pathlib import Path

from crawler.demo import outside

MARK = ".govcheck-demo"


def claim(data: Path, config: Path) -> str:
    """Make both folders ours; else the sentence that says which of them belongs to the real sites."""
    if any((data / name).exists() for name in ("crawl.db", "findings.db")) and not _ours(data, data / "config"):
        return f"{data} 里有真实网站的数据，演示会清空它；请用 --data 另指一个文件夹"
    if (config / "sites").exists() and not _ours(config, config):
        return f"{config} 里有真实网站的配置，演示会改写它；请用 --config 另指一个文件夹"
    for folder in (data, config):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MARK).touch()
    return ""


def _ours(folder: Path, config: Path) -> bool:
    network = config / "network.yaml"
    marked = (folder / MARK).exists()
    return marked or (network.is_file() and outside.CANARY in network.read_text("utf-8", errors="replace"))
