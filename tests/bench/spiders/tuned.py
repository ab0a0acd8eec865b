"""As fast as we could make a Scrapy spider that records status and links of one site.

What helped, in this order: lexbor instead of lxml; hrefs resolved once (navigation repeats) and known URLs dropped
before a Request is made; CONCURRENT_ITEMS 1 (32 s -> 20 s); no middleware, extension, duplicate filter or statistics;
uvloop (on the command line, see competitors.py: `runspider` installs its reactor before it reads these settings).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import urljoin

from scrapy import Request, Spider
from selectolax.lexbor import LexborHTMLParser

_DOWNLOADER = [
    "robotstxt.RobotsTxtMiddleware",
    "httpauth.HttpAuthMiddleware",
    "downloadtimeout.DownloadTimeoutMiddleware",
    "defaultheaders.DefaultHeadersMiddleware",
    "useragent.UserAgentMiddleware",
    "retry.RetryMiddleware",
    "redirect.MetaRefreshMiddleware",
    "httpcompression.HttpCompressionMiddleware",
    "redirect.RedirectMiddleware",
    "cookies.CookiesMiddleware",
    "httpproxy.HttpProxyMiddleware",
    "stats.DownloaderStats",
    "httpcache.HttpCacheMiddleware",
    "offsite.OffsiteMiddleware",
]
_SPIDER = [
    "start.StartSpiderMiddleware",
    "httperror.HttpErrorMiddleware",
    "referer.RefererMiddleware",
    "urllength.UrlLengthMiddleware",
    "depth.DepthMiddleware",
]
_EXTENSIONS = [
    "corestats.CoreStats",
    "logcount.LogCount",
    "telnet.TelnetConsole",
    "memusage.MemoryUsage",
    "memdebug.MemoryDebugger",
    "closespider.CloseSpider",
    "feedexport.FeedExporter",
    "logstats.LogStats",
    "spiderstate.SpiderState",
    "throttle.AutoThrottle",
]


class Tuned(Spider):
    name = "tuned"
    custom_settings = {
        "CONCURRENT_REQUESTS": 32,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 32,
        "DOWNLOAD_DELAY": 0,
        "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        "DOWNLOADER_MIDDLEWARES": {f"scrapy.downloadermiddlewares.{name}": None for name in _DOWNLOADER},
        "SPIDER_MIDDLEWARES": {f"scrapy.spidermiddlewares.{name}": None for name in _SPIDER},
        "EXTENSIONS": {f"scrapy.extensions.{name}": None for name in _EXTENSIONS},
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",
        "SCRAPER_SLOT_MAX_ACTIVE_SIZE": 50_000_000,
        "CONCURRENT_ITEMS": 1,  # a hundred tasks are started for each response otherwise
        "DNSCACHE_ENABLED": True,
        "LOG_LEVEL": "ERROR",
    }

    async def start(self):
        self.statuses = {}
        self.links = {}
        self.origin = os.environ["BENCH_START"].rstrip("/")
        self.resolved = {}
        first = self.origin + "/index.html"
        self.known = {first}
        yield Request(first, self.parse)

    def parse(self, response):
        url, self.statuses[response.url] = response.url, response.status
        if response.status != 200 or not response.headers[b"Content-Type"].startswith(b"text/html"):
            return
        links = self.links[url] = []
        resolved, known = self.resolved, self.known
        for node in LexborHTMLParser(response.body).css("a[href]"):
            href = node.attributes["href"]
            key = href if href.startswith(("/", "http")) else (url, href)
            target = resolved.get(key)
            if target is None:
                target = resolved[key] = urljoin(url, href).partition("#")[0]
            links.append(target)
            if target not in known:
                known.add(target)
                if target.startswith(self.origin):
                    yield Request(target, self.parse)

    def closed(self, reason):
        found = {"statuses": self.statuses, "links": sum(map(len, self.links.values()))}
        Path(os.environ["BENCH_FOUND"]).write_text(json.dumps(found))
