"""Text of attachments, read by a child process with limits: a hostile file costs a child and never the night."""

from crawler.parse.files.limits import Limits
from crawler.parse.files.pool import Pool, read_text

__all__ = ["Limits", "Pool", "read_text"]
