"""Alembic's environment: the connection is handed in, nothing is read from a file."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import String
from sqlmodel.sql.sqltypes import AutoString

from db.metadata import METADATA
from db.types import UtcDateTime, Word


def _plain(kind: str, thing: Any, _autogen: Any) -> str | Literal[False]:
    """Own column types stand in migrations as what the database stores."""
    if kind != "type":
        return False
    if isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(thing, Word):
        return "sa.String(length=32)"
    if isinstance(thing, AutoString | String) and thing.__class__.__name__ != "Text":
        return f"sa.String(length={thing.length})" if thing.length else "sa.String()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    render_item=_plain,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
