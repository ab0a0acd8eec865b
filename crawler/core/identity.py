"""What makes two findings one: fingerprints over a rule's identity, its subject and its key, and nothing else."""

import hashlib
import json

from crawler.core.model import Site
from crawler.core.urls import host_of, path_key


def fingerprint(identity: str, subject: str, key: str) -> str:
    """Hex sha256 over canonical ASCII JSON, so that no separator can be forged and no locale matters."""
    canonical = json.dumps([identity, subject, key], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def is_own(site: Site, url: str) -> bool:
    return host_of(url) in site.hosts


def subject_id(site: Site, url: str) -> str:
    """Site and path key, without scheme and own host: a move to https closes nothing. Foreign hosts stay."""
    key = path_key(url)
    return f"{site.id}{key}" if is_own(site, url) else f"{site.id}//{host_of(url)}{key}"
