"""Pages for register."""

from flask import Blueprint

bp = Blueprint("register", __name__)

from blueprints.register import editing, imports, owners, views  # noqa: E402,F401 - need bp
