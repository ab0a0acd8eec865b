"""What a job refuses to do; each text says in one sentence why and what to give instead."""

from __future__ import annotations


class BadTarget(ValueError):
    """What was given cannot be checked."""


class BadOption(ValueError):
    """An option's value does not fit."""


class Unopened(RuntimeError):
    """The web did not give what was asked for, or somebody stopped us: there is nothing to judge."""


class NoRun(LookupError):
    """There is no such run, or it may not be judged."""


class Stopped(KeyboardInterrupt):
    """A signal ended the judging: no rule may take it for a crash of its own, hence no Exception."""
