"""Coordinates, outlines, linking and display geometry: GeoDataFrame and shapely in and out."""
