"""The command line as scripts use it: one JSON object, messages beside it, exit status 0, 1 or 2."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import shapely

from dashboard.cli.app import main
from dashboard.importers.table_reading import read_table
from db.engine import create_engine_for, sqlite_url
from db.witness import noted
from tests.conftest import ROOT
from tests.services.small_district import EAST, PORT, WEST, foreign_points, foreign_wards, geojson
from tests.storage.conftest import raw, rows_of, take_guards_off

DONE, REFUSED, WRONG_USAGE = 0, 1, 2


class Terminal:
    """Runs commands in this process on one home folder, in English."""

    def __init__(self, home: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self.capture = capture
        self.out = self.err = ""

    def __call__(self, *words: object) -> int:
        with pytest.raises(SystemExit) as left:
            main([*map(str, words), "--home", str(self.home)])
        self.out, self.err = self.capture.readouterr()
        code = left.value.code
        return code if isinstance(code, int) else DONE

    def json(self, *words: object) -> dict[str, Any]:
        """Run with ``--json``; standard output must be one object."""
        self.status = self(*words, "--json")
        answer: dict[str, Any] = json.loads(self.out)
        return answer


@pytest.fixture
def gridguard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """The command line on an empty home."""
    monkeypatch.setenv("GRIDGUARD_LOCALE", "en")
    return Terminal(tmp_path / "home", capsys)


@pytest.fixture
def district(gridguard: Terminal, tmp_path: Path) -> Terminal:
    """The command line on a district of two townships and a port."""
    gridguard("init", "--district-code", "000001", "--district-name", "Harbour")
    towns = geojson(
        tmp_path / "t.geojson", ({"code": "T1", "name": "West"}, WEST), ({"code": "T2", "name": "East"}, EAST)
    )
    gridguard("import", "layers", towns, "--kind", "township")
    gridguard(
        "import", "layers", geojson(tmp_path / "k.geojson", ({"code": "K", "name": "Port"}, PORT)), "--kind", "port"
    )
    return gridguard


def csv(folder: Path, *lines: str) -> Path:
    path = folder / "table.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_init_founds_a_district_and_shows_a_password_once(gridguard: Terminal) -> None:
    answer = gridguard.json("init")
    assert (gridguard.status, sorted(answer)) == (DONE, ["created", "database", "head", "home"])
    assert re.search(r"login admin, password \S{16}", gridguard.err)
    assert "password" not in gridguard.out


def test_the_home_is_closed_to_others(gridguard: Terminal) -> None:
    gridguard("init")
    assert gridguard.home.stat().st_mode & 0o077 == 0


def test_init_again_changes_nothing(gridguard: Terminal) -> None:
    first = gridguard.json("init", "--district-code", "000001")
    second = gridguard.json("init", "--district-code", "000001")
    assert (second["created"], second["head"]) == (False, first["head"])


@pytest.mark.parametrize("other", [("--district-code", "000002"), ("--demo",)])
def test_init_refuses_another_district_in_the_same_home(gridguard: Terminal, other: tuple[str, ...]) -> None:
    gridguard("init", "--district-code", "000001")
    answer = gridguard.json("init", *other)
    assert (gridguard.status, answer["error"]["code"]) == (REFUSED, "district_exists")


def test_a_day_without_the_demo_is_wrong_usage(gridguard: Terminal) -> None:
    assert gridguard("init", "--today", "2026-06-30") == WRONG_USAGE


def test_without_a_database_each_command_says_what_to_do(gridguard: Terminal) -> None:
    answer = gridguard.json("figures")
    assert (gridguard.status, answer["error"]["code"]) == (REFUSED, "no_database")
    assert "gridguard init" in gridguard.err
    assert not gridguard.home.exists()


def test_layers_answer_by_contract(gridguard: Terminal, tmp_path: Path) -> None:
    gridguard("init")
    path = geojson(tmp_path / "t.geojson", ({"code": "T1", "name": "West"}, WEST))
    answer = gridguard.json("import", "layers", path, "--kind", "township")
    wanted = {"read": 1, "imported": 1, "changed": 0, "unchanged": 0, "refused": 0, "errors": [], "relinked": 0}
    assert {key: answer[key] for key in wanted} == wanted
    assert {"gap_m2", "overlap_m2"} <= answer["coverage"].keys()


def test_a_dry_run_tells_all_and_stores_nothing(district: Terminal, tmp_path: Path) -> None:
    district("import", "enterprises", csv(tmp_path, "name,lon,lat", "Mill,119.11,35.05"))
    wider = geojson(tmp_path / "w.geojson", ({"code": "T1", "name": "West"}, shapely.box(119.0, 35.0, 119.12, 35.1)))
    for _ in range(2):
        answer = district.json("import", "layers", wider, "--kind", "township", "--dry-run")
        assert (answer["changed"], answer["relinked"]) == (1, 1)
    assert "rehearsal" in district.err


def test_a_refused_row_is_told_and_nothing_stored(district: Terminal, tmp_path: Path) -> None:
    path = csv(tmp_path, "name,industry", "Mill,Clouds", "Quay,")
    answer = district.json("import", "enterprises", path)
    assert (district.status, answer["imported"], answer["refused"]) == (REFUSED, 0, 1)
    assert sorted(answer["errors"][0]) == ["field", "reason", "row", "value"]
    assert district.json("import", "enterprises", path, "--skip-bad")["imported"] == 1


def test_the_workbook_of_refused_rows_can_be_mended(district: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "mend.xlsx"
    district("import", "enterprises", csv(tmp_path, "name,industry", "Mill,Clouds"), "--errors", out)
    assert read_table(out).rows[1][:2] == ["Mill", "Clouds"]


def test_a_mapping_names_unknown_headers(district: Terminal, tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text('title = "what"\n', encoding="utf-8")
    answer = district.json("import", "issues", csv(tmp_path, "what,lon,lat", "Dust,119.05,35.05"), "--mapping", mapping)
    assert (answer["imported"], answer["unused"]) == (1, [])


def test_reasons_come_in_the_language_asked_for(district: Terminal, tmp_path: Path) -> None:
    path = csv(tmp_path, "name,industry", ",Clouds")
    chinese = district.json("import", "enterprises", path, "--lang", "zh")["errors"][0]["reason"]
    assert chinese != district.json("import", "enterprises", path)["errors"][0]["reason"]


def test_an_export_comes_in_again(district: Terminal, tmp_path: Path) -> None:
    district("import", "issues", csv(tmp_path, "title,lon,lat", "Dust,119.05,35.05"))
    answer = district.json("export", "issues", tmp_path / "issues.xlsx")
    assert (answer["written"], len(answer["sha256"])) == (1, 64)
    assert district.json("import", "issues", tmp_path / "issues.xlsx")["unchanged"] == 1


def test_an_ending_without_a_format_is_refused(district: Terminal, tmp_path: Path) -> None:
    assert district.json("export", "issues", tmp_path / "issues.doc")["error"]["code"] == "format_unknown"
    assert district("export", "issues", tmp_path / "issues.doc", "--format", "csv") == DONE


def test_link_answers_for_each_point(district: Terminal, tmp_path: Path) -> None:
    answer = district.json("link", csv(tmp_path, "lon,lat", "119.09,35.05", "119.15,35.05", "10,10"))
    assert (answer["read"], answer["linked"], answer["outside"]) == (3, 2, 1)
    first, second, third = answer["rows"]
    assert (first["row"], first["township"], first["zones"], first["primary"]) == (2, "West", ["Port"], "Port")
    assert (second["township"], second["primary"], second["distance_m"]) == ("East", "East", 0.0)
    assert (third["township"], third["zones"], third["distance_m"]) == (None, [], None)


@pytest.mark.parametrize("text", ["a,b\n1,2", "lon,lat\n119,", "lon,lat\nnan,35"])
def test_link_refuses_what_is_no_point(district: Terminal, tmp_path: Path, text: str) -> None:
    assert district("link", csv(tmp_path, text)) == REFUSED


def test_figures_are_counted(district: Terminal) -> None:
    answer = district.json("figures")
    assert (answer["townships"], answer["issues_found"]) == (2, 0)


def test_verify_finds_what_was_tampered_with(district: Terminal) -> None:
    assert district.json("verify")["faults"] == []
    from db.engine import sqlite_library

    connection = sqlite_library().connect(str(district.home / "gridguard.db"))
    connection.execute("UPDATE zone SET name = 'Elsewhere' WHERE code = 'T1'")
    connection.commit()
    connection.close()
    answer = district.json("verify")
    assert (district.status, [fault["kind"] for fault in answer["faults"]]) == (REFUSED, ["zone"])


def test_every_command_that_writes_leaves_its_head_in_the_data_folder(district: Terminal) -> None:
    before = len(list(noted(district.home / "heads.log")))
    district.json("user", "add", "west.office", "--role", "township", "--name", "Office 1", "--zone", "T1")
    heads = list(noted(district.home / "heads.log"))
    assert len(heads) > before
    assert heads[-1].hash == district.json("verify")["head"]


def test_verify_finds_a_chain_whose_end_was_cut_off_with_its_head(district: Terminal) -> None:
    forged = create_engine_for(sqlite_url(district.home / "gridguard.db"))
    take_guards_off(forged)
    *_, before, last = rows_of(forged, "event")
    raw(forged, "DELETE FROM event WHERE seq = :seq", seq=last["seq"])
    raw(forged, "UPDATE chain_head SET seq = :seq, hash = :hash", seq=before["seq"], hash=before["hash"])
    forged.dispose()
    (head,) = (fault for fault in district.json("verify")["faults"] if fault["kind"] == "head")
    assert (district.status, head["id"]) == (REFUSED, last["seq"])
    assert "does not hold it any more (heads.log:" in head["what"]


def test_a_login_is_added_listed_and_disabled(district: Terminal) -> None:
    words = ("user", "add", "west.office", "--role", "township", "--name", "Office 1", "--zone", "T1")
    assert district.json(*words)["roles"] == ["township"]
    password = re.search(r"password is (\S+);", district.err)
    assert password is not None
    assert password[1] not in district.out
    assert district.json("user", "disable", "west.office")["is_disabled"]
    assert [row["login"] for row in district.json("user", "list")["accounts"]] == ["admin", "west.office"]


def test_a_password_can_be_read_from_input(district: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a long enough word\n")))
    assert district("user", "password", "admin", "--password-stdin") == DONE
    assert "a long enough word" not in district.out + district.err


@pytest.mark.parametrize(
    "words",
    [
        ("user", "add", "x1y", "--role", "township"),
        ("user", "add", "Not Allowed", "--role", "bureau", "--name", "A"),
        ("user", "add", "abc", "--role", "township", "--name", "A", "--zone", "nowhere"),
        ("user", "disable", "nobody"),
        ("import", "layers", "NOFILE", "--kind", "township"),
    ],
)
def test_what_is_refused_has_a_sentence_and_no_traceback(district: Terminal, words: tuple[str, ...]) -> None:
    assert district(*words) in (REFUSED, WRONG_USAGE)
    assert district.err.strip()
    assert "Traceback" not in district.err


@pytest.mark.parametrize(
    "words", [("nothing",), ("import", "layers"), ("export", "all", "x.csv"), ("figures", "--as-of", "1.6.")]
)
def test_wrong_usage_has_a_status_of_its_own(gridguard: Terminal, words: tuple[str, ...]) -> None:
    assert gridguard(*words) == WRONG_USAGE


def test_a_setting_out_of_bounds_is_named(gridguard: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDGUARD_PORT", "99999")
    assert gridguard("check") == WRONG_USAGE
    assert "GRIDGUARD_PORT" in gridguard.err


def test_check_says_what_is_missing_and_how_to_mend_it(district: Terminal) -> None:
    answer = district.json("check")
    assert (district.status, answer["ok"]) == (DONE, True)
    assert [finding["id"] for finding in answer["findings"]] == ["zones_without_lead"]
    assert sorted(answer["findings"][0]) == ["id", "level", "mend", "what"]


def test_check_before_going_on_a_network_asks_for_more(district: Terminal) -> None:
    answer = district.json("check", "--deploy")
    assert district.status == REFUSED
    assert {"cookies_insecure", "hosts_local"} <= {finding["id"] for finding in answer["findings"]}


def test_check_of_nothing_says_so(gridguard: Terminal) -> None:
    assert [finding["id"] for finding in gridguard.json("check")["findings"]] == ["no_database"]


def test_a_foreign_city_comes_in_by_the_same_commands(gridguard: Terminal, tmp_path: Path) -> None:
    gridguard("init", "--district-code", "abroad")
    wards, points = foreign_wards(tmp_path), foreign_points(tmp_path)
    assert gridguard.json("import", "layers", wards, "--kind", "township")["imported"] == 58
    mapping = tmp_path / "m.toml"
    mapping.write_text('title = "peak_hour"\nx = "centroid_lon"\ny = "centroid_lat"\n', encoding="utf-8")
    answer = gridguard.json("import", "issues", points, "--mapping", mapping)
    assert (gridguard.status, answer["imported"]) == (DONE, 249)
    assert gridguard.json("import", "issues", points, "--mapping", mapping)["unchanged"] == 249


@pytest.mark.parametrize("words", [(), ("import",), ("user",), ("import", "layers"), ("export",), ("init",)])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_help_teaches_by_an_example(gridguard: Terminal, words: tuple[str, ...], language: str) -> None:
    assert gridguard(*words, "--lang", language, "--help") == DONE
    assert "gridguard" in gridguard.out


def test_shared_options_may_stand_before_the_command(district: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--home", str(district.home), "--json", "figures"])
    assert json.loads(capsys.readouterr().out)["townships"] == 2


def test_the_module_is_the_command(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "dashboard", "figures", "--home", str(tmp_path / "none"), "--json", "--lang", "zh")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (REFUSED, "no_database")


def test_a_newer_schema_is_refused(district: Terminal, tmp_path: Path) -> None:
    from db.engine import sqlite_library

    home = Path(shutil.copytree(district.home, tmp_path / "newer"))
    connection = sqlite_library().connect(str(home / "gridguard.db"))
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    district.home = home
    assert district.json("figures")["error"]["code"] == "schema_newer"
