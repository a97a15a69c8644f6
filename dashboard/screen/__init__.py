"""Parts of the screen that pages are put together from; the only part of the dashboard that draws with Streamlit."""
