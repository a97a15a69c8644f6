"""The rules stand alone: importing all of them brings in no database, no frames and no screen."""

import pkgutil
import subprocess
import sys

import governance

FOREIGN = {"alembic", "geopandas", "numpy", "pandas", "pydantic", "shapely", "sqlalchemy", "sqlmodel", "streamlit"}


def test_the_rules_bring_in_nothing_but_pythons_own_library() -> None:
    names = ", ".join(f"governance.{module.name}" for module in pkgutil.iter_modules(governance.__path__))
    script = f"import sys, {names}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert FOREIGN & set(loaded) == set()
