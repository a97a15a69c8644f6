"""How much of a table file is read; the same numbers hold in the child process."""

from typing import Final

MOST_ROWS: Final = 250_000
MOST_COLUMNS: Final = 256
MOST_CELLS: Final = 8_000_000
MOST_CHARACTERS: Final = 256 * 1024 * 1024
MOST_MERGES: Final = 20_000

MOST_ZIP_ENTRIES: Final = 2_000
MOST_UNPACKED_BYTES: Final = 768 * 1024 * 1024
MOST_PART_BYTES: Final = 512 * 1024 * 1024

CHILD_MEMORY_BYTES: Final = 2 * 1024**3
CHILD_CPU_SECONDS: Final = 60
CHILD_WALL_SECONDS: Final = 90
