"""A proxy is used only where the configuration names one, and private targets stay blocked behind it."""

from __future__ import annotations

from crawler.core.model import Network, Outcome, Platform, State
from crawler.fetch import Fetcher, Request


async def test_a_named_proxy_is_asked_for_the_whole_url(web, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    web.routes["http://a.test/x"] = web.answer("好")
    async with Fetcher(
        limits_dir=tmp_path,
        user_agent="govcheck",
        platforms={"city": Platform("city", rate=0)},
        network=Network(proxy=f"http://127.0.0.1:{web.port}"),
    ) as fetcher:
        fetch = await fetcher.fetch(Request("http://a.test/x", "page", "city"))
        inner = await fetcher.fetch(Request("http://10.0.0.1/x", "page", "city"))
        tunnel = await fetcher.fetch(Request("https://a.test/x", "page", "city"))
    assert (fetch.state, inner.outcome) == (State.ALIVE, Outcome.PRIVATE), fetch
    assert tunnel.outcome is Outcome.OUR_FAULT  # this proxy knows no CONNECT: our trouble, not the site's
