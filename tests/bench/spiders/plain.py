"""Scrapy's CrawlSpider as its documentation shows it, with the brakes off; records status and links of one site."""

from __future__ import annotations

import json
import os
from pathlib import Path

from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import CrawlSpider, Rule


class Plain(CrawlSpider):
    name = "plain"
    start_urls = [os.environ["BENCH_START"]]
    allowed_domains = ["127.0.0.1"]
    rules = [Rule(LinkExtractor(deny_extensions=[]), callback="keep", follow=True, process_request="link")]
    handle_httpstatus_list = [404]
    custom_settings = {
        "CONCURRENT_REQUESTS": 32,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 32,
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "ROBOTSTXT_OBEY": False,
        "COOKIES_ENABLED": False,
        "RETRY_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "ERROR",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.statuses = {}
        self.links = {}

    def parse_start_url(self, response):
        return self.keep(response)

    def keep(self, response):
        self.statuses[response.url] = response.status
        return ()

    def link(self, request, response):
        self.links.setdefault(response.url, []).append(request.url)
        return request

    def closed(self, reason):
        found = {"statuses": self.statuses, "links": sum(map(len, self.links.values()))}
        Path(os.environ["BENCH_FOUND"]).write_text(json.dumps(found))
