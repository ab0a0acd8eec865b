"""Rules are found by walking packages; a broken one breaks nothing but itself (BEHAVIOURS 92)."""

from pathlib import Path

import pytest

from crawler.audit.discover import discover

GOOD = '''
from crawler.api import Severity, cite, page_rule

@page_rule("{code}", severity=Severity.HINT, basis=(cite("d", "c"),))
def {name}(page):
    """标题"""
    yield from ()
'''


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    name = "office_" + str(abs(hash(request.node.name)))
    folder = tmp_path / name / "family"
    folder.mkdir(parents=True)
    for parent in (folder, folder.parent):
        (parent / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def write(folder: Path, name: str, code: str, *, file: str = "") -> None:
    (folder / f"{file or name}.py").write_text(GOOD.format(name=name, code=code), "utf-8")


def found(folder: Path):
    return discover((folder.parent.name,))


def test_rules_come_sorted_by_code_whatever_their_files_are_called(package: Path) -> None:
    write(package, "alpha", "ZZ-02")
    write(package, "beta", "AA-01")
    assert [rule.code for rule in found(package).rules] == ["AA-01", "ZZ-02"]


def test_a_file_that_cannot_be_imported_is_named_with_its_code(package: Path) -> None:
    write(package, "good", "AA-01")
    (package / "bad.py").write_text(GOOD.format(name="bad", code="AA-02") + "\n1 / 0\n", "utf-8")
    result = found(package)
    assert [rule.code for rule in result.rules] == ["AA-01"]
    (broken,) = result.broken
    assert broken.code == "AA-02"
    assert broken.file.endswith("family/bad.py")
    assert "ZeroDivisionError" in broken.error


def test_a_syntax_error_is_no_worse(package: Path) -> None:
    (package / "bad.py").write_text("def (:", "utf-8")
    (broken,) = found(package).broken
    assert broken.code == "bad"


def test_a_file_named_unlike_its_function_is_broken(package: Path) -> None:
    write(package, "dead_link", "AA-01", file="other")
    result = found(package)
    assert not result.rules
    assert "dead_link" in result.broken[0].error


def test_the_second_rule_of_a_code_is_broken_and_the_first_runs(package: Path) -> None:
    write(package, "first", "AA-01")
    write(package, "second", "AA-01")
    result = found(package)
    assert [rule.name for rule in result.rules] == ["first"]
    assert "first.py" in result.broken[0].error


def test_words_shared_by_a_family_are_no_rule(package: Path) -> None:
    (package / "_shared.py").write_text("X = 1\n")
    write(package, "good", "AA-01")
    assert not found(package).broken


def test_a_package_that_is_not_there_is_broken_and_the_others_run(package: Path) -> None:
    write(package, "good", "AA-01")
    result = discover((package.parent.name, "no_such_office"))
    assert len(result.rules) == 1
    assert result.broken[0].code == "no_such_office"
