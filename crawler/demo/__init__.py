"""A small prefecture of fifteen simulated sites with planted faults, and the list of them."""

from crawler.demo.config import write as write_config
from crawler.demo.folders import claim
from crawler.demo.running import running, serve_until_stopped
from crawler.demo.score import score, table
from crawler.demo.world import World, build, serve

__all__ = ["World", "build", "claim", "running", "score", "serve", "serve_until_stopped", "table", "write_config"]
