"""Settings: where values come from, their bounds, and how tests replace them."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from dashboard.settings import Settings, choose_settings, overridden, settings


def test_home_defaults_to_an_absolute_folder_of_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRIDGUARD_HOME", raising=False)
    assert Settings().home == (Path.home() / ".gridguard").resolve()


def test_a_relative_home_is_made_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings(home=Path("data")).home == tmp_path.resolve() / "data"


def test_the_database_is_a_file_in_the_home_unless_named(tmp_path: Path) -> None:
    assert Settings(home=tmp_path).database_url == f"sqlite:///{tmp_path.resolve().as_posix()}/gridguard.db"


def test_another_database_is_named_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDGUARD_DATABASE_URL", "postgresql+psycopg://example/gridguard")
    assert Settings().database_url == "postgresql+psycopg://example/gridguard"


def test_host_names_are_read_comma_separated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDGUARD_TRUSTED_HOSTS", "Grid.example.org, 10.0.0.5")
    assert Settings().trusted_hosts == ("grid.example.org", "10.0.0.5")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", 0),
        ("yellow_days", 0),
        ("session_hours", 0),
        ("max_upload_mb", 1000),
        ("nearest_m", -1),
        ("wall_step_seconds", 1),
        ("wall_pause_seconds", 4),
    ],
)
def test_a_number_outside_its_bounds_is_refused_by_name(name: str, value: int) -> None:
    with pytest.raises(ValidationError, match=name):
        Settings.model_validate({name: value})


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//tiles.example.org/{z}", "tiles.example.org"])
def test_a_basemap_address_without_scheme_and_host_is_refused(address: str) -> None:
    with pytest.raises(ValidationError, match="basemap_url"):
        Settings(basemap_url=address)


def test_the_basemap_opens_exactly_its_host() -> None:
    address = "https://tiles.example.org:8443/{z}/{x}/{y}.png"
    assert Settings(basemap_url=address).basemap_origin == "https://tiles.example.org:8443"


@pytest.mark.parametrize("account", ["file:///etc/passwd", "json://example.org", "office@example.org"])
def test_a_mail_account_of_another_kind_is_refused_without_repeating_it(account: str) -> None:
    with pytest.raises(ValidationError, match="mail_url") as refusal:
        Settings.model_validate({"mail_url": account})
    assert account not in str(refusal.value)


def test_the_mail_account_is_not_shown_with_the_settings() -> None:
    account = "mailtos://grid:secret@example.org"
    assert "secret" not in repr(Settings.model_validate({"mail_url": account}))


def test_an_unknown_time_zone_is_refused_with_an_example() -> None:
    with pytest.raises(ValidationError, match="Asia/Shanghai"):
        Settings(time_zone="Mars/Olympus")


def test_every_setting_is_described_in_a_sentence() -> None:
    undescribed = [name for name, field in Settings.model_fields.items() if not (field.description or "").endswith(".")]
    assert undescribed == []


def test_a_test_may_replace_the_settings_for_a_block() -> None:
    with overridden(Settings(port=9000)):
        assert settings().port == 9000
    assert settings().port != 9000


def test_the_chosen_settings_are_in_force_everywhere() -> None:
    before = settings()
    choose_settings(Settings(port=9001))
    assert settings().port == 9001
    choose_settings(before)


@pytest.mark.parametrize("pattern", ["{unit}-{n}", "{year}", "{unit}/{year}/{n}"])
def test_a_form_in_which_notices_get_the_same_number_is_refused(pattern: str) -> None:
    with pytest.raises(ValidationError, match="notice_number"):
        Settings(notice_number=pattern)


def test_the_parts_of_the_wall_are_read_comma_separated_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDGUARD_WALL_ORDER", "townships, district")
    assert Settings().wall_order == ("townships", "district")


@pytest.mark.parametrize("order", ["", "district,district", "villages"])
def test_a_playlist_without_parts_with_one_twice_or_with_unknown_ones_is_refused(order: str) -> None:
    with pytest.raises(ValidationError, match="wall_order"):
        Settings.model_validate({"wall_order": order})
