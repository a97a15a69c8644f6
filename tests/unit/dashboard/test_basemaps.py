"""Background maps: which addresses are taken, which one host they open, and that no key is told."""

import pytest
from pydantic import SecretStr, ValidationError

from dashboard.basemaps import TIANDITU_ORIGIN, tianditu_templates, tile_template
from dashboard.security.headers import page_policy
from dashboard.settings import Settings

KEY = "0123456789abcdef0123456789abcdef"
KVP = (
    "https://maps.example.org/wmts?SERVICE=WMTS&REQUEST=GetTile&LAYER=img&TILEMATRIXSET=w"
    "&TILEMATRIX={TileMatrix}&TILEROW={TileRow}&TILECOL={TileCol}"
)


def pictures(settings: Settings) -> list[str]:
    policy = page_policy("localhost", basemap_origin=settings.basemap_origin)
    return next(part for part in policy.split("; ") if part.startswith("img-src")).split()[1:]


def test_without_a_setting_no_host_is_opened() -> None:
    assert pictures(Settings()) == ["'self'", "data:", "blob:"]


def test_a_key_opens_the_one_host_of_tianditu() -> None:
    assert pictures(Settings(tianditu_key=SecretStr(KEY))) == ["'self'", "data:", "blob:", TIANDITU_ORIGIN]


def test_an_address_goes_before_the_key() -> None:
    chosen = Settings(tianditu_key=SecretStr(KEY), basemap_url="https://tiles.example.org/{z}/{x}/{y}.png")
    assert chosen.basemap_origin == "https://tiles.example.org"


def test_tianditu_lays_names_upon_streets_in_web_mercator() -> None:
    streets, names = tianditu_templates(KEY)
    assert (streets.count("/vec_w/"), names.count("/cva_w/")) == (1, 1)
    assert streets.startswith(f"{TIANDITU_ORIGIN}/")


def test_wmts_with_key_value_parameters_is_put_into_the_maps_words() -> None:
    assert tile_template(KVP).endswith("&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}")


def test_wmts_with_its_places_in_the_path_is_put_into_the_maps_words() -> None:
    address = "https://maps.example.org/wmts/img/default/w/{TileMatrix}/{TileRow}/{TileCol}.png"
    assert tile_template(address).endswith("/{z}/{y}/{x}.png")


@pytest.mark.parametrize(
    "address",
    [
        "https://{s}.tiles.example.org/{z}/{x}/{y}.png",
        "https://*.example.org/{z}/{x}/{y}.png",
        "https://user:word@tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}.png",
        "https://tiles.example.org/{z}/{x}/{y}/{time}.png",
        "ftp://tiles.example.org/{z}/{x}/{y}.png",
    ],
)
def test_an_address_of_many_hosts_or_without_its_places_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(ValidationError, match="basemap_url") as refusal:
        Settings(basemap_url=address)
    assert address not in str(refusal.value)


@pytest.mark.parametrize("key", ["short", "with blanks in it", "a" * 65, "x&y=0123456789"])
def test_a_key_that_is_none_is_refused_without_repeating_it(key: str) -> None:
    with pytest.raises(ValidationError, match="tianditu_key") as refusal:
        Settings(tianditu_key=SecretStr(key))
    assert key not in str(refusal.value)


def test_no_key_is_told_when_settings_are_printed() -> None:
    chosen = Settings(tianditu_key=SecretStr(KEY))
    assert KEY not in repr(chosen) + str(chosen) + chosen.model_dump_json()
