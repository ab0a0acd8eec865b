"""govcheck: an asynchronous compliance crawler for government websites. DESIGN: crawl and audit share a file."""

__version__ = "0.1.0"
