import dataclasses
import json
import os
from pathlib import Path

import pytest

from geo import gdal_layers, reading, reading_child


@pytest.fixture
def read_in_this_process(monkeypatch):
    """Read without a process of its own: the same functions, no limits, every driver; much faster."""
    monkeypatch.setattr(reading_child, "limit_self", lambda limits: None)
    monkeypatch.setattr(gdal_layers, "DRIVERS", tuple(gdal_layers.pyogrio.list_drivers()))

    def run(folder, kind, layer, limits):
        before = Path.cwd()
        os.chdir(folder)
        try:
            job = {"kind": kind, "file": f"upload.{kind}", "layer": layer, "limits": dataclasses.asdict(limits)}
            reading_child.main(json.dumps(job))
        finally:
            os.chdir(before)

    monkeypatch.setattr(reading, "_run", run)
