"""Views for votes."""
