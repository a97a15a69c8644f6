"""The checkout as the house tests see it: its files, and its Python files parsed."""

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("governance", "geo", "db", "dashboard")
PRODUCT = (*PACKAGES, "pages")
PYTHON = (*PRODUCT, "tools", "benchmarks", "tests")
NOT_OURS = {"__pycache__", "var", "htmlcov", "versions"}


@dataclass(frozen=True)
class Source:
    """One Python file."""

    path: Path

    @property
    def name(self) -> str:
        """Path within the checkout."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def folder(self) -> str:
        """Its first folder: the package it belongs to."""
        return self.name.partition("/")[0]

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=self.name)

    @property
    def functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        """All functions and methods, nested ones too."""
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the first statement after the docstring to the last; 0 if there is none."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def imported(tree: ast.Module) -> set[str]:
    """Full names of the modules that are imported anywhere in a file."""
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


@pytest.fixture(scope="session")
def sources() -> list[Source]:
    """Every Python file of the product, its tools, benchmarks and tests; migrations are left out."""
    paths = (path for folder in PYTHON for path in (ROOT / folder).rglob("*.py"))
    return [Source(path) for path in sorted(paths) if not NOT_OURS & set(path.parts)]


@pytest.fixture(scope="session")
def product(sources: list[Source]) -> list[Source]:
    """The packages and the pages."""
    return [source for source in sources if source.folder in PRODUCT]


@pytest.fixture(scope="session")
def outside_tests(sources: list[Source]) -> list[Source]:
    """Every Python file but the tests."""
    return [source for source in sources if source.folder != "tests"]


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    """Every text file of the checkout by its path within: code, configuration, catalogues, documents, locks."""
    found = (path for path in sorted(ROOT.rglob("*")) if _is_ours(path))
    contents = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in found}
    return {name: content.decode() for name, content in contents.items() if b"\0" not in content}


def _is_ours(path: Path) -> bool:
    inner = path.relative_to(ROOT)
    top = inner.parts[0]
    hidden = top.startswith(".") and top not in {".ci", ".editorconfig", ".gitignore", ".streamlit"}
    foreign = hidden or NOT_OURS & set(inner.parts) or "data" in inner.parts
    return not foreign and path.is_file()
