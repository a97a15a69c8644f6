"""Pages read like the screen: short scripts that know the dashboard and Streamlit, and hold no rule."""

import ast
import re

import pytest

from tests.unit.house.conftest import ROOT, Source, imported

ALLOWED = {"dashboard", "streamlit"}
SHORTEST, LONGEST = 40, 120
SQL = re.compile(r"\b(?:SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s.+\sSET|DELETE\s+FROM)\b", re.DOTALL)
ROLE_NAMES = {"role", "roles", "Role", "has_role", "is_administrator"}
GEOMETRY_METHODS = {"buffer", "distance", "intersects", "intersection", "contains", "to_crs", "unary_union", "within"}
PAGES = [Source(path) for path in sorted((ROOT / "pages").glob("*.py"))]
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def names_a_role(node: ast.AST) -> bool:
    return any(
        (isinstance(part, ast.Name) and part.id in ROLE_NAMES)
        or (isinstance(part, ast.Attribute) and part.attr in ROLE_NAMES)
        for part in ast.walk(node)
    )


def test_pages_lie_flat() -> None:
    assert sorted(path.name for path in (ROOT / "pages").rglob("*.py")) == [page.path.name for page in PAGES]


@every_page
def test_a_page_has_40_to_120_lines(page: Source) -> None:
    assert SHORTEST <= len(page.text.splitlines()) <= LONGEST


@every_page
def test_a_page_imports_the_dashboard_and_streamlit_only(page: Source) -> None:
    assert {name for name in imported(page.tree) if name.partition(".")[0] not in ALLOWED} == set()


@every_page
def test_a_page_holds_no_sql(page: Source) -> None:
    strings = [n.value for n in ast.walk(page.tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    assert [text for text in strings if SQL.search(text)] == []


@every_page
def test_a_page_computes_no_geometry(page: Source) -> None:
    calls = [n.func for n in ast.walk(page.tree) if isinstance(n, ast.Call)]
    assert [f.attr for f in calls if isinstance(f, ast.Attribute) and f.attr in GEOMETRY_METHODS] == []


@every_page
def test_a_page_compares_no_roles(page: Source) -> None:
    comparisons = [n for n in ast.walk(page.tree) if isinstance(n, ast.Compare | ast.Match)]
    assert [node.lineno for node in comparisons if names_a_role(node)] == []


@every_page
def test_a_page_lets_no_html_through(page: Source) -> None:
    keywords = [n.arg for n in ast.walk(page.tree) if isinstance(n, ast.keyword)]
    assert "unsafe_allow_html" not in keywords
