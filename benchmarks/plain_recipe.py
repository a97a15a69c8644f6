"""The server with the plain recipe as one page more; `plain_recipe_page` is the page.

The page is not imported here: a component that is declared before the server runs is not found by browsers.
"""

from pathlib import Path
from typing import Final

POINTS: Final = "BENCHMARK_POINTS"

if __name__ == "__main__":
    from benchmarks.pages_beside import serve_beside

    serve_beside("plain-recipe", Path(__file__).with_name("plain_recipe_page.py"))
