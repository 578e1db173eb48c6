"""HTTP: read the form, call one service, choose the page. ``app.py`` registers each of them."""
