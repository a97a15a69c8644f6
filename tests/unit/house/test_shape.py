"""The proportions of the house: small files, small functions, names that say what a thing owns."""

import ast
from statistics import median

from tests.unit.house.conftest import PACKAGES, ROOT, Source, body_lines

FILE_LINES = 300
LONG_FILE_LINES = 400
BODY_LINES = 50
MEDIAN_BODY_LINES = 8
TABLE_SHARE = 0.2
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "common", "base", "misc", "manager", "managers"}
EMPTY_SUFFIXES = ("_util", "_utils", "_helper", "_helpers", "_misc", "_manager", "_managers")
EMPTY_CLASSES = ("Util", "Utils", "Helper", "Helpers", "Manager", "Mixins")


def is_table(source: Source) -> bool:
    """Whether a file is mostly declarations: functions take at most a fifth of its lines."""
    lines = sum((function.end_lineno or 0) - function.lineno + 1 for function in source.functions)
    return lines <= TABLE_SHARE * len(source.text.splitlines())


def allowed_lines(source: Source) -> int:
    return LONG_FILE_LINES if source.folder == "tests" or is_table(source) else FILE_LINES


def test_files_are_short(sources: list[Source]) -> None:
    sizes = {source.name: (len(source.text.splitlines()), allowed_lines(source)) for source in sources}
    assert {name: size for name, size in sizes.items() if size[0] > size[1]} == {}


def test_function_bodies_are_short(sources: list[Source]) -> None:
    sizes = {f"{s.name}:{f.lineno} {f.name}": body_lines(f) for s in sources for f in s.functions}
    assert {name: size for name, size in sizes.items() if size > BODY_LINES} == {}


def test_half_of_the_functions_are_tiny(product: list[Source]) -> None:
    for package in PACKAGES:
        sizes = [body_lines(f) for s in product if s.folder == package for f in s.functions]
        assert median(sizes or [0]) <= MEDIAN_BODY_LINES, package


def test_no_module_has_an_empty_name(sources: list[Source]) -> None:
    parts = {part.removesuffix(".py") for source in sources for part in source.path.relative_to(ROOT).parts}
    assert {part for part in parts if part in EMPTY_NAMES or part.endswith(EMPTY_SUFFIXES)} == set()


def test_no_class_has_an_empty_name(sources: list[Source]) -> None:
    classes = [(s.name, n.name) for s in sources for n in ast.walk(s.tree) if isinstance(n, ast.ClassDef)]
    assert [found for found in classes if found[1].endswith(EMPTY_CLASSES)] == []


def test_a_package_file_holds_one_line(outside_tests: list[Source]) -> None:
    inits = [source for source in outside_tests if source.path.name == "__init__.py"]
    assert [s.name for s in inits if len(s.tree.body) != 1 or len(s.text.splitlines()) != 1] == []
    assert [source.name for source in inits if ast.get_docstring(source.tree) is None] == []


def test_there_is_no_package_under_tests(sources: list[Source]) -> None:
    tests = [source for source in sources if source.folder == "tests"]
    assert [source.name for source in tests if source.path.name == "__init__.py"] == []


def test_every_module_says_what_it_owns(outside_tests: list[Source]) -> None:
    assert [source.name for source in outside_tests if ast.get_docstring(source.tree) is None] == []
