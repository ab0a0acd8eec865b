"""`govcheck demo --serve`: keeps the simulated prefecture standing for somebody to look at."""

from __future__ import annotations

import asyncio
from pathlib import Path

from rich.console import Console

from crawler.demo import config
from crawler.demo.world import World


def told(world: World, folder: Path) -> str:
    """How to use a world that is being served, in Chinese."""
    data = folder.parent / "data"
    return f"""模拟州正在 http://127.0.0.1:{world.port}/ 提供服务，共 {len(world.sites)} 个网站；按 Ctrl-C 结束。

看一页：  curl -H 'Host: www.lxs.gov.cn' http://127.0.0.1:{world.port}/
浏览器：  把 HTTP 代理设为 127.0.0.1:{world.port}，再打开 http://www.lxs.gov.cn/
检查它：  govcheck nightly --config {folder} --data {data}
植入的问题：crawler/demo/planted/"""


async def stand(world: World, folder: Path, console: Console) -> None:
    """Write the configuration of a served world, say how to use it, and wait until cancelled."""
    config.write(world, folder)
    console.print(told(world, folder), soft_wrap=True, highlight=False)
    await asyncio.Event().wait()
