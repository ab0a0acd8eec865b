"""A small prefecture of fifteen simulated sites with planted faults, and the list of them."""

from crawler.demo.world import World, build, serve

__all__ = ["World", "build", "serve"]
