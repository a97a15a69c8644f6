"""A rule is written once: stages are compared in governance, errors are caught by name, rules read no clock."""

import ast
from collections.abc import Iterator

from governance.vocabulary import Stage
from tests.unit.house.conftest import Source, imported

BROAD_HANDLERS = 2
COMPARING_MODULES = 2
BROAD = {"Exception", "BaseException"}
MEMBERSHIP_METHODS = {"in_", "not_in", "notin_", "is_", "is_not"}
STAGE_WORDS = {stage.value for stage in Stage}
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime"}
CLOCK_OWNERS = {"datetime", "date", "time"}
INPUT_AND_OUTPUT = {"open", "print", "input"}
IMPURE = {"asyncio", "logging", "os", "pathlib", "random", "secrets", "shutil", "socket", "sqlite3", "subprocess"}
IMPURE_TOO = {"tempfile", "threading", "time", "urllib", "uuid"}


def is_broad(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or (isinstance(kind, ast.Name) and kind.id in BROAD) for kind in kinds)


def names_a_stage(node: ast.AST) -> bool:
    """Whether ``Stage.X``, or one of the stages' words, stands anywhere within."""
    return any(
        (isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "Stage")
        or (isinstance(part, ast.Constant) and part.value in STAGE_WORDS)
        for part in ast.walk(node)
    )


def speaks_of_stages(node: ast.AST) -> bool:
    """Whether a bare stage word is meant as a stage: beside it stands something called stage."""
    return any(
        (isinstance(part, ast.Name) and "stage" in part.id.lower())
        or (isinstance(part, ast.Attribute) and "stage" in part.attr.lower())
        or (isinstance(part, ast.Constant) and part.value == "stage")
        for part in ast.walk(node)
    )


def stage_comparisons(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        is_method = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        is_membership = is_method and node.func.attr in MEMBERSHIP_METHODS  # type: ignore[attr-defined]
        compares = isinstance(node, ast.Compare | ast.match_case) or is_membership
        if compares and names_a_stage(node) and speaks_of_stages(node):
            yield node


def reads_clock_or_world(node: ast.Call) -> bool:
    if isinstance(node.func, ast.Name):
        return node.func.id in INPUT_AND_OUTPUT
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    is_clock = isinstance(owner, ast.Name) and owner.id in CLOCK_OWNERS
    return is_clock and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS


def test_broad_handlers_are_the_two_that_are_meant(outside_tests: list[Source]) -> None:
    nodes = [(s.name, node) for s in outside_tests for node in ast.walk(s.tree)]
    broad = [f"{name}:{n.lineno}" for name, n in nodes if isinstance(n, ast.ExceptHandler) and is_broad(n)]
    assert len(broad) <= BROAD_HANDLERS, broad


def test_stages_are_compared_in_governance(product: list[Source]) -> None:
    others = [source for source in product if source.folder != "governance"]
    comparing = [source.name for source in others if any(stage_comparisons(source.tree))]
    assert len(comparing) <= COMPARING_MODULES, comparing


def test_the_search_for_comparisons_finds_them() -> None:
    found = ast.parse("a = i.stage == Stage.CLOSED; b = i.stage in ('closed',); c = I.stage.in_([Stage.MERGED])")
    harmless = ast.parse("a = stage in OPEN; b = {Stage.CLOSED: 1}; c = light == 'closed'; d = i.stage == other")
    assert (len(list(stage_comparisons(found))), len(list(stage_comparisons(harmless)))) == (3, 0)


def test_the_rules_read_no_clock_and_no_file(product: list[Source]) -> None:
    rules = [source for source in product if source.folder == "governance"]
    calls = [(s.name, n) for s in rules for n in ast.walk(s.tree) if isinstance(n, ast.Call)]
    assert [f"{name}:{call.lineno}" for name, call in calls if reads_clock_or_world(call)] == []


def test_the_rules_import_nothing_that_acts_on_the_world(product: list[Source]) -> None:
    rules = [source for source in product if source.folder == "governance"]
    modules = {(s.name, name.partition(".")[0]) for s in rules for name in imported(s.tree)}
    assert {found for found in modules if found[1] in IMPURE | IMPURE_TOO} == set()
