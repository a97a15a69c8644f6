"""What no file may hold: Chinese in code, places of one machine, addresses of package registries."""

import re

from tests.unit.house.conftest import Source

CHINESE = re.compile("[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]")
MACHINE_PATH = re.compile(r"(?<![\w.$}~/-])/(?:work|root|home|Users|farm)/\w")
TEMPORARY_PATH = re.compile(r"(?<![\w.$}~/-])/(?:tmp|opt)/\w")
REGISTRY = re.compile(
    r"\bpypi\.org|\bpythonhosted\.org|\bnpmjs\.|\bnpmmirror\.|\btuna\.tsinghua|"
    r"https?://[^\s\"'<>)]*(?:/simple\b|/packages/|\.whl\b|\.tgz\b)|"
    r"(?<!no-emit-)(?:extra-)?index-url|\"resolved\":\s*\"http"
)
HERE = "tests/unit/house/test_text.py"


def places(pattern: re.Pattern[str], texts: dict[str, str]) -> list[str]:
    """Each line that matches, as path:line: what was found."""
    return [
        f"{name}:{number}: {match.group(0)}"
        for name, text in texts.items()
        if name != HERE
        for number, line in enumerate(text.splitlines(), start=1)
        if (match := pattern.search(line))
    ]


def test_code_holds_no_chinese(outside_tests: list[Source]) -> None:
    assert places(CHINESE, {source.name: source.text for source in outside_tests}) == []


def test_no_file_names_a_place_of_one_machine(texts: dict[str, str]) -> None:
    assert places(MACHINE_PATH, texts) == []


def test_code_names_no_fixed_temporary_folder(sources: list[Source]) -> None:
    assert places(TEMPORARY_PATH, {source.name: source.text for source in sources}) == []


def test_no_file_names_a_package_registry(texts: dict[str, str]) -> None:
    assert places(REGISTRY, texts) == []
