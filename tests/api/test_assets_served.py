"""Browser assets as they are served: every link of a map resolves, and nothing but the files."""

import pytest
from starlette.testclient import TestClient

from dashboard.assets import MAP_WORDS_URL, asset_folders, asset_url, map_scripts, map_styles

LINKS = [address for _, address in map_scripts() + map_styles()]


@pytest.mark.parametrize("address", LINKS)
def test_every_link_of_a_map_is_answered_without_a_session(browser: TestClient, address: str) -> None:
    answer = browser.get(address)
    assert answer.status_code == 200
    assert answer.content


@pytest.mark.parametrize("address", [link for link in LINKS if link != MAP_WORDS_URL])
def test_files_may_be_kept_because_their_address_has_the_version(browser: TestClient, address: str) -> None:
    assert browser.get(address).headers["cache-control"] == "public, max-age=31536000, immutable"


def test_words_may_not_be_kept_because_they_follow_the_language(browser: TestClient) -> None:
    headers = browser.get(MAP_WORDS_URL).headers
    assert (headers["cache-control"], headers["vary"]) == ("no-cache", "Cookie")


@pytest.mark.parametrize("file", ["images/marker-icon.png", "images/layers.png"])
def test_pictures_of_the_map_are_served(browser: TestClient, file: str) -> None:
    assert browser.get(asset_url("leaflet", file)).headers["content-type"] == "image/png"


@pytest.mark.parametrize("way_out", ["..%2f__init__.py", "%2e%2e/__init__.py", "..\\__init__.py"])
def test_a_way_out_of_a_folder_leads_nowhere(browser: TestClient, way_out: str) -> None:
    assert browser.get(f"{asset_folders()['leaflet'].path}/{way_out}").status_code in {303, 401, 404}


def test_the_icon_is_served_without_a_session(browser: TestClient) -> None:
    assert browser.get("/favicon.ico").headers["content-type"] == "image/svg+xml"
