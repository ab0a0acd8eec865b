"""config/topics.yaml: what the circular counts by topic, told by words of titles and by columns."""

# ruff: noqa: RUF012  pydantic copies a default

from __future__ import annotations

from pydantic import Field

from crawler.config.shapes import Shape, Text
from crawler.core.statistics import Topic, Topics


class TopicShape(Shape):
    name: Text
    words: list[Text] = []
    not_words: list[Text] = []
    fields: list[Text] = []
    columns: list[Text] = []


class TopicsShape(Shape):
    other: Text = "其他"
    topics: list[TopicShape] = Field(min_length=1)


def topics(shape: TopicsShape) -> Topics:
    return Topics(
        tuple(
            Topic(row.name, tuple(row.words), tuple(row.not_words), frozenset(row.fields), tuple(row.columns))
            for row in shape.topics
        ),
        shape.other,
    )
