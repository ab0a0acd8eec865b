"""Flags of a page, so that the audit finds the few without unpacking the many."""

from __future__ import annotations

from crawler.core.facts import PageFacts

FLAG_SOFT_ERROR, FLAG_SHELL, FLAG_PROTECTION, FLAG_REDIRECT, FLAG_FOOTER = 1, 2, 4, 8, 16


def flags(facts: PageFacts) -> int:
    footer = facts.footer
    marks = any(
        (footer.conac, footer.jiucuo, footer.site_code, footer.organizer, footer.icp, footer.psb, footer.sitemap)
    )
    return (
        (FLAG_SOFT_ERROR if facts.soft_error else 0)
        | (FLAG_SHELL if facts.shell else 0)
        | (FLAG_PROTECTION if facts.protection else 0)
        | (FLAG_REDIRECT if facts.redirect else 0)
        | (FLAG_FOOTER if marks else 0)
    )
