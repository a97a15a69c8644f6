"""Triggers that keep history and closed issues as they are, whoever holds the connection; set anew by each upgrade.

Rebuilding a table drops its triggers on SQLite, and a new column would not be guarded: so they belong to no single
migration, but are made from the tables as they are once all migrations have run.
"""

from typing import Final

from sqlalchemy import Connection, inspect, text

EVENTS_REFUSAL: Final = "events are never changed or removed"
CLOSED_REFUSAL: Final = "a closed issue changes only with its reopening"
REMOVAL_REFUSAL: Final = "issues are never removed"
NUMBER_REFUSAL: Final = "an issue with this number exists"
REFUSALS: Final = (EVENTS_REFUSAL, CLOSED_REFUSAL, REMOVAL_REFUSAL)
# What a moved border may change of a closed issue: where it lies follows from the zones, not from its life.
PLACE: Final = frozenset({"township_id", "primary_zone_id", "key_zone_ids", "distance_m", "version"})
# The head of the chain moves last: an event beyond it was written in this transaction.
_NO_REOPENING: Final = (
    "NOT EXISTS (SELECT 1 FROM event WHERE event.subject_kind = 'issue' AND event.subject_id = OLD.id "
    "AND event.code = 'reopened' AND event.seq > coalesce((SELECT max(chain_head.seq) FROM chain_head "
    "WHERE chain_head.district_code = OLD.district_code), 0))"
)


def set_guards(connection: Connection) -> None:
    """Set every trigger anew.

    Parameters
    ----------
    connection : Connection
        In the transaction of the upgrade; the tables exist.
    """
    statements = _sqlite(connection) if connection.dialect.name == "sqlite" else _postgresql(connection)
    for statement in statements:
        connection.execute(text(statement.replace(":", r"\:")))


def _closed_condition(connection: Connection, differs: str) -> str:
    names = [column["name"] for column in inspect(connection).get_columns("issue")]
    changed = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in names if name not in PLACE)
    return f"OLD.stage = 'closed' AND ({changed}) AND {_NO_REOPENING}"


def _sqlite(connection: Connection) -> list[str]:
    # REPLACE removes the old row without firing a DELETE trigger: no insert and no new number may meet one.
    same_number = "number = NEW.number AND district_code = NEW.district_code AND id <> NEW.id"
    taken = f"EXISTS (SELECT 1 FROM issue WHERE {same_number})"  # noqa: S608 - words of this module
    renumbered = "(OLD.id, OLD.district_code, OLD.number) IS NOT (NEW.id, NEW.district_code, NEW.number)"
    guards = (
        ("event_no_update", "UPDATE ON event", "", EVENTS_REFUSAL),
        ("event_no_delete", "DELETE ON event", "", EVENTS_REFUSAL),
        ("event_no_insert", "INSERT ON event", "EXISTS (SELECT 1 FROM event WHERE seq = NEW.seq)", EVENTS_REFUSAL),
        ("issue_closed_no_update", "UPDATE ON issue", _closed_condition(connection, "IS NOT"), CLOSED_REFUSAL),
        ("issue_no_delete", "DELETE ON issue", "", REMOVAL_REFUSAL),
        ("issue_no_replace", "INSERT ON issue", "EXISTS (SELECT 1 FROM issue WHERE id = NEW.id)", REMOVAL_REFUSAL),
        ("issue_no_second", "INSERT ON issue", taken, NUMBER_REFUSAL),
        ("issue_keeps_number", "UPDATE OF id, district_code, number ON issue", renumbered, REMOVAL_REFUSAL),
    )
    statements = []
    for name, moment, condition, refusal in guards:
        when = f"WHEN {condition} " if condition else ""
        statements.append(f"DROP TRIGGER IF EXISTS {name}")
        statements.append(f"CREATE TRIGGER {name} BEFORE {moment} {when}BEGIN SELECT RAISE(ABORT, '{refusal}'); END")
    return statements


def _postgresql(connection: Connection) -> list[str]:
    closed = f"IF {_closed_condition(connection, 'IS DISTINCT FROM')} THEN RAISE EXCEPTION '{CLOSED_REFUSAL}'; END IF;"
    guards = (
        ("event_no_change", "UPDATE OR DELETE OR TRUNCATE ON event", "STATEMENT", "forbid_event_change",
         f"RAISE EXCEPTION '{EVENTS_REFUSAL}';"),
        ("issue_closed_no_update", "UPDATE ON issue", "ROW", "forbid_closed_issue_change", f"{closed} RETURN NEW;"),
        ("issue_no_delete", "DELETE OR TRUNCATE ON issue", "STATEMENT", "forbid_issue_removal",
         f"RAISE EXCEPTION '{REMOVAL_REFUSAL}';"),
    )  # fmt: skip
    statements = []
    for name, moment, each, function, body in guards:
        table = moment.rpartition(" ")[2]
        statements += [
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$",
            f"DROP TRIGGER IF EXISTS {name} ON {table}",
            f"CREATE TRIGGER {name} BEFORE {moment} FOR EACH {each} EXECUTE FUNCTION {function}()",
        ]
    return statements
