"""The page of the constant wall, as Streamlit runs it."""

from benchmarks.constant_wall import show

show()
