"""Browser assets: every address that a map or page may ask for is a file of this machine."""

import re
from collections.abc import Iterator
from pathlib import Path

import folium
import pytest
from folium.elements import JSCSSMixin

from dashboard import maps
from dashboard.assets import asset_folders, asset_url, map_scripts, map_styles
from governance.vocabulary import Light, ZoneKind

SQUARE = {"type": "Polygon", "coordinates": [[[119.2, 35.1], [119.3, 35.1], [119.3, 35.2], [119.2, 35.1]]]}
ZONES = [maps.ZoneShape("1", "one", ZoneKind.TOWNSHIP, SQUARE)]
BOUNDS = (119.2, 35.1, 119.3, 35.2)


def every_owner_of_links(root: type[JSCSSMixin] = JSCSSMixin) -> Iterator[type[JSCSSMixin]]:
    for owner in root.__subclasses__():
        yield owner
        yield from every_owner_of_links(owner)


def linked(owner: type[JSCSSMixin]) -> list[str]:
    return [address for _, address in [*owner.default_js, *owner.default_css]]


def test_no_class_of_folium_links_to_another_host() -> None:
    outside = {owner.__name__: linked(owner) for owner in every_owner_of_links() if "//" in "".join(linked(owner))}
    assert outside == {}


def test_a_serialised_map_links_to_local_addresses_only() -> None:
    base = maps.base_map(ZONES, bounds=BOUNDS, key="test")
    assert {*base.css_links, *base.js_links} == {address for _, address in map_scripts() + map_styles()}


def test_the_scripts_of_a_full_map_name_no_address() -> None:
    base = maps.base_map(ZONES, bounds=BOUNDS, key="test")
    live = maps.live_layer(lights={"1": Light.RED}, heat=[(35.1, 119.2, 1.0)], points=[POINT])
    assert "//" not in base.script + base.html + live.script
    assert re.findall(r"""(?:src|href)=["'](?!/assets/)[^"']*""", base.header) == []


POINT = maps.MapPoint("issue", "2026-00001", 119.21, 35.11, Light.RED, ("one",))


def test_a_rendered_page_of_a_map_links_to_local_addresses_only() -> None:
    page = folium.Map(tiles=None).get_root().render()
    links = re.findall(r"""(?:src|href)=["']([^"']+)["']""", page)
    assert links
    assert [link for link in links if not link.startswith("/assets/")] == []


def test_the_style_sheet_of_leaflet_keeps_its_name() -> None:
    assert any(address.endswith("/leaflet.css") for _, address in map_styles())


def test_pictures_named_in_the_style_sheets_exist() -> None:
    missing = []
    for _, address in map_styles():
        name, _version, file = address.removeprefix("/assets/").split("/", 2)
        sheet = asset_folders()[name].folder / file
        pictures = re.findall(r"url\(['\"]?([^'\")#?]+)", sheet.read_text(encoding="utf-8"))
        missing += [link for link in pictures if not link.startswith("data:") and not (sheet.parent / link).is_file()]
    assert missing == []


def test_an_asset_that_is_not_there_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"nothing\.js"):
        asset_url("leaflet", "nothing.js")


def test_our_own_files_change_their_address_with_their_content() -> None:
    own = asset_folders()["gridguard"]
    assert re.fullmatch(r"[0-9a-f]{12}", own.version)
    assert own.folder == Path(maps.__file__).parent / "static"
