"""Asks the web, at its pace; the only place that knows the HTTP library."""

from .canary import our_network_down
from .fetcher import Fetcher
from .judge import Classify, Refusal
from .outcome import STATES
from .request import Kind, Request
from .robots import Robots, Verdict

__all__ = ["STATES", "Classify", "Fetcher", "Kind", "Refusal", "Request", "Robots", "Verdict", "our_network_down"]
