"""The page of the plain recipe: folium built anew on every run, with one marker for each issue.

This is what a page without this product's map modules looks like, as folium's and streamlit-folium's own guides
write it: a marker with its tooltip and popup for each issue, with the same assets from the same server.
"""

import json
import os
from pathlib import Path

import folium
import streamlit as st
from streamlit_folium import st_folium

from benchmarks.plain_recipe import POINTS
from dashboard.assets import map_scripts, map_styles

st.set_page_config(layout="wide")
found = json.loads(Path(os.environ[POINTS]).read_text(encoding="utf-8"))
folium.Map.default_js, folium.Map.default_css = map_scripts(), map_styles()
plain = folium.Map(location=[35.2, 119.25], zoom_start=11, tiles=None, maxZoom=18)
for outline in found["outlines"]:
    folium.GeoJson(outline).add_to(plain)
for lat, lon, title in found["points"]:
    folium.Marker([lat, lon], popup=folium.Popup(title, max_width=300), tooltip=title).add_to(plain)
st_folium(plain, height=640, use_container_width=True, key="plain")
