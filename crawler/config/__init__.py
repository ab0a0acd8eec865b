"""The configuration: `load` a folder, or learn everything that is wrong with it."""

from crawler.config.loading import load
from crawler.config.problems import ConfigError, Position, Problem, UnknownSite
from crawler.config.settings import ColumnKinds, Config, RuleSettings

__all__ = ["ColumnKinds", "Config", "ConfigError", "Position", "Problem", "RuleSettings", "UnknownSite", "load"]
