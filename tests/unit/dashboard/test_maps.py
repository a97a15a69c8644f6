"""The map: what reaches the browser, that it is stable, harmless, and understood when it comes back."""

import ast
import json
import re
from pathlib import Path

import pytest

from dashboard import map_component, maps
from dashboard.map_component import MapClick, clicked
from governance.vocabulary import Light, ZoneKind

ROOT = Path(__file__).resolve().parents[3]
HOSTILE = "</script><img src=x onerror=alert(1)>`${alert(2)}`\\{{ 'x' }}\"'"
BOUNDS = (119.2, 35.1, 119.3, 35.2)
SQUARE = {"type": "Polygon", "coordinates": [[[119.2, 35.1], [119.3, 35.1], [119.3, 35.2], [119.2, 35.1]]]}


def zone(code: str, kind: ZoneKind = ZoneKind.TOWNSHIP, name: str = "name") -> maps.ZoneShape:
    return maps.ZoneShape(code, name, kind, SQUARE)


def embedded(script: str) -> list[dict[str, object]]:
    """The feature collections that a script carries."""
    found = [json.loads(text) for text in re.findall(r"_add\((\{.*\})\);", script)]
    return [feature for collection in found for feature in collection["features"]]


def readable(text: str) -> str:
    """The text as our script in the browser shows it."""
    return text.replace("\ue07b", "{").replace("\ue07d", "}")


@pytest.mark.parametrize("text", ["{{ 6 * 7 }}", "{% raw %}", "{# x #}", "{{ cycler.__init__.__globals__ }}"])
def test_no_text_is_run_by_the_template_engine(text: str) -> None:
    point = maps.MapPoint("issue", text, 119.2, 35.1, None, (text,))
    scripts = [
        maps.base_map([zone(text, name=text)], bounds=BOUNDS, key=text, basemap_attribution=text).script,
        maps.live_layer(
            lights={text: Light.RED}, points=[point], tags=[maps.ZoneTag(text, text, Light.RED)], selected=text
        ).script,
    ]
    assert [script for script in scripts if re.search(r"\{[{%#]|\b42\b|__globals__': ", script)] == []
    assert embedded(scripts[1])[0]["properties"]["lines"] == [maps.inert(text)]


def test_a_click_brings_the_braces_back() -> None:
    value = {"last_active_drawing": {"properties": maps.inert({"target": "zone", "id": "{a}"})}}
    assert clicked({**value, "last_object_clicked_count": 1}) == MapClick("zone", "{a}", 1)


def test_an_outline_that_is_none_is_refused_by_name() -> None:
    point = maps.ZoneShape("Z9", "name", ZoneKind.PORT, {"type": "Point", "coordinates": [119.2, 35.1]})
    with pytest.raises(ValueError, match="Z9"):
        maps.base_map([point], bounds=BOUNDS, key="wall")


def test_text_for_folium_has_no_character_with_a_meaning() -> None:
    assert set(maps.map_text(HOSTILE)) & set("<>`${}\\\"'") == set()


def test_text_for_folium_reads_the_same_in_a_browser() -> None:
    from html import unescape

    assert unescape(maps.map_text(HOSTILE)) == HOSTILE


def test_the_same_zones_give_the_same_arguments() -> None:
    first, second = (maps.base_map([zone("1")], bounds=BOUNDS, key="wall") for _ in range(2))
    assert first == second


def test_the_same_live_data_give_the_same_arguments() -> None:
    first, second = (maps.live_layer(lights={"1": Light.RED}, heat=[(35.1, 119.2, 2.0)]) for _ in range(2))
    assert first == second


def test_other_outlines_or_another_key_remount_the_map() -> None:
    keys = {
        maps.base_map([zone("1")], bounds=BOUNDS, key="wall").key,
        maps.base_map([zone("2")], bounds=BOUNDS, key="wall").key,
        maps.base_map([zone("1")], bounds=BOUNDS, key="map").key,
    }
    assert len(keys) == 3


def test_key_zones_lie_above_townships_and_the_district() -> None:
    kinds = (ZoneKind.PORT, ZoneKind.TOWNSHIP, ZoneKind.DISTRICT)
    base = maps.base_map([zone(kind.value, kind) for kind in kinds], bounds=BOUNDS, key="wall")
    assert [feature["properties"]["kind"] for feature in embedded(base.script)] == ["district", "township", "port"]


def test_a_map_without_zones_is_drawn() -> None:
    assert embedded(maps.base_map([], bounds=BOUNDS, key="wall").script) == []


def test_hostile_names_stay_text_inside_the_script() -> None:
    script = maps.base_map([zone("1", name=HOSTILE)], bounds=BOUNDS, key="wall").script
    assert "<" not in script
    assert readable(embedded(script)[0]["properties"]["name"]) == HOSTILE


def test_hostile_tooltips_and_tags_stay_text_inside_the_script() -> None:
    point = maps.MapPoint("issue", HOSTILE, 119.2, 35.1, None, (HOSTILE,))
    tag = maps.ZoneTag("1", HOSTILE, Light.RED)
    script = maps.live_layer(lights={}, points=[point], tags=[tag]).script
    assert "<" not in script
    assert [readable(line) for line in embedded(script)[0]["properties"]["lines"]] == [HOSTILE]


def test_every_point_is_in_one_layer() -> None:
    points = [maps.MapPoint("enterprise", str(number), 119.2, 35.1) for number in range(500)]
    script = maps.live_layer(lights={}, points=points).script
    assert (script.count("L.geoJson("), len(embedded(script))) == (1, 500)


def test_the_map_zooms_in_quarters_to_a_limit_and_has_no_tiles() -> None:
    script = maps.base_map([zone("1")], bounds=BOUNDS, key="wall").script
    assert '"zoomSnap": 0.25' in script
    assert '"maxZoom": 18' in script
    assert "tileLayer" not in script


def test_the_basemap_of_an_administrator_is_drawn_with_escaped_attribution() -> None:
    address = "https://tiles.example.org/{z}/{x}/{y}.png"
    base = maps.base_map([], bounds=BOUNDS, key="wall", basemap_urls=[address], basemap_attribution="<b>")
    assert "https://tiles.example.org/{z}/{x}/{y}.png" in base.script
    assert "<b>" not in base.script


def test_every_light_has_a_look_with_a_shape_of_its_own() -> None:
    assert set(maps.LIGHT_LOOKS) == set(Light)
    assert len({look.shape for look in maps.LIGHT_LOOKS.values()}) == len(Light)


def test_a_click_on_an_issue_is_understood() -> None:
    value = {"last_active_drawing": {"properties": {"target": "issue", "id": "7"}}, "last_object_clicked_count": 2}
    assert clicked(value) == MapClick("issue", "7", 2)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        {},
        {"last_active_drawing": None, "last_object_clicked_count": 0},
        {"last_active_drawing": {"properties": {"target": "table", "id": "7"}}, "last_object_clicked_count": 1},
        {"last_active_drawing": {"properties": {"target": "zone", "id": 7}}, "last_object_clicked_count": 1},
    ],
)
def test_what_the_browser_makes_up_is_no_click(value: object) -> None:
    assert clicked(value) is None


def test_only_clicks_come_back_from_the_browser() -> None:
    base = maps.base_map([], bounds=BOUNDS, key="wall")
    arguments = map_component.component_arguments(base, None, height=400)
    assert arguments["returned_objects"] == ["last_active_drawing", "last_object_clicked_count"]
    assert set(arguments["default"]) == set(arguments["returned_objects"])


def importers_of(package: str) -> set[str]:
    found = set()
    for folder in ("governance", "geo", "db", "dashboard", "pages"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                if any(name.split(".")[0] == package for name in names):
                    found.add(path.relative_to(ROOT).as_posix())
    return found


def test_folium_is_imported_in_one_module() -> None:
    assert importers_of("folium") == {"dashboard/maps.py"}
    assert importers_of("streamlit_folium") == {"dashboard/map_component.py"}


def test_no_text_reaches_folium_but_through_map_text() -> None:
    """Folium writes these as HTML: each must be absent, or given a call of `map_text` or a constant."""
    tree = ast.parse((ROOT / "dashboard" / "maps.py").read_text(encoding="utf-8"))
    writers = {"Tooltip", "Popup", "DivIcon", "GeoJsonTooltip", "GeoJsonPopup", "Element", "Html"}
    keywords = {"attr", "name", "tooltip", "popup", "html", "attribution"}
    raw = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            texts = node.args if called in writers else []
            texts = [*texts, *(keyword.value for keyword in node.keywords if keyword.arg in keywords)]
            raw += [ast.unparse(text) for text in texts if not is_harmless(text)]
    assert raw == []


def is_harmless(text: ast.expr) -> bool:
    if isinstance(text, ast.BoolOp):
        return all(is_harmless(value) for value in text.values)
    return isinstance(text, ast.Constant) or (isinstance(text, ast.Call) and ast.unparse(text.func) == "map_text")


def test_our_script_writes_no_html() -> None:
    script = (ROOT / "dashboard" / "static" / "map.js").read_text(encoding="utf-8")
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script) == []


def test_lights_are_ranked_from_the_best_to_the_worst() -> None:
    assert list(maps.LIGHT_LOOKS) == [Light.GREEN, Light.YELLOW, Light.RED]


def test_faded_zones_fills_and_extras_reach_the_script_as_data() -> None:
    script = maps.live_layer(
        lights={}, faded={"a"}, fills={"b": maps.ZoneFill("#112233", 0.5)}, extras={"heat": {"name": HOSTILE}}
    ).script
    for part in ('"faded": ["a"]', '"b": ["#112233", 0.5]', '"heat": {"name"'):
        assert part in script
    assert "<" not in script
