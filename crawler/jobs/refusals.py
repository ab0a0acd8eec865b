"""What a job refuses to do; each text says in one sentence why and what to give instead."""

from __future__ import annotations


class BadTarget(ValueError):
    """What was given cannot be checked."""


class BadOption(ValueError):
    """An option's value does not fit."""


class NoRun(LookupError):
    """There is no such run, or it may not be judged."""
