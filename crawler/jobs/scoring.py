"""Scores of a stored audit: nothing is judged anew, nothing is asked."""

from __future__ import annotations

from dataclasses import replace

from crawler.audit.score import scores
from crawler.config import Config
from crawler.core.report import Report
from crawler.jobs.places import Places
from crawler.jobs.refusals import NoRun
from crawler.store.datafile import MissingRun
from crawler.store.findings import Findings


def scored(config: Config, report: Report) -> Report:
    return replace(report, scores=scores(report, config.score))


def load(config: Config, places: Places, number: int | None = None) -> Report:
    with Findings.open(places.findings_db, read_only=True) as findings:
        try:
            return scored(config, findings.load(number))
        except MissingRun as error:
            raise NoRun(str(error)) from error
