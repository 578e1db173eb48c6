"""Views for preferences."""
