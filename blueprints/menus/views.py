"""Views for menus."""
