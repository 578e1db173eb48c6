"""HTTP: read the form, call one service, choose the page. ``ALL`` is what ``app.py`` registers."""

from blueprints.accounts import bp as accounts
from blueprints.audit import bp as audit
from blueprints.home import bp as home
from blueprints.menus import bp as menus
from blueprints.objections import bp as objections
from blueprints.plans import bp as plans
from blueprints.preferences import bp as preferences
from blueprints.register import bp as register
from blueprints.resolutions import bp as resolutions
from blueprints.votes import bp as votes

ALL = (
    home,
    accounts,
    register,
    plans,
    menus,
    preferences,
    objections,
    votes,
    resolutions,
    audit,
)
