"""Views for objections."""
