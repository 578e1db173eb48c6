"""The one file that knows every part: it builds the program from them.

``create_app()`` reads the environment; tests hand in their own settings and clock.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, g, request
from flask.globals import app_ctx
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

import account_commands
import blueprints.accounts
import blueprints.audit
import blueprints.desk
import blueprints.health
import blueprints.home
import blueprints.menus
import blueprints.objections
import blueprints.plans
import blueprints.preferences
import blueprints.privacy
import blueprints.publications
import blueprints.register
import blueprints.resolutions
import blueprints.votes
import bundle_commands
import clock
import command_line
import commands
import config
import models.database
import models.instants
import privacy_commands
import recovery_commands
import register_commands
from blueprints.shared import (
    access,
    again,
    assets,
    bounds,
    errors,
    headers,
    identity,
    localisation,
    page,
    words,
)
from domain.accounts import ANONYMOUS
from extensions import babel, compress, csrf, db, limiter, login_manager
from program import Program
from services import reference, sessions, signing

BLUEPRINTS = (
    blueprints.home.bp,
    blueprints.accounts.bp,
    blueprints.register.bp,
    blueprints.plans.bp,
    blueprints.menus.bp,
    blueprints.preferences.bp,
    blueprints.desk.bp,
    blueprints.objections.bp,
    blueprints.votes.bp,
    blueprints.publications.bp,
    blueprints.resolutions.bp,
    blueprints.audit.bp,
    blueprints.privacy.bp,
    blueprints.health.bp,
)
COMMANDS = (
    commands,
    account_commands,
    bundle_commands,
    privacy_commands,
    register_commands,
    recovery_commands,
)
MAX_UPLOAD = 5 * 1024 * 1024
# Connections that a process keeps, one for each of its threads (deploy/gunicorn.conf.py) and some,
# and how many more it opens for a moment.
KEPT, MORE = 10, 5


def create_app(settings: config.Settings | None = None, *, now: clock.Clock | None = None) -> Flask:
    """The program, ready to serve; refuses to start on unsafe settings or an unguarded view.

    For a command that works from files alone it is a bare app with the commands: anyone may
    recount, without a database, a secret or a setting. So it is where a command line asks and the
    settings are unsafe; the commands that need more say which.
    """
    if settings is None and command_line.works_from_files():
        return _with_commands(Flask("app", static_folder=None))
    try:
        settings = settings or config.from_environment()
        config.make_instance(settings)
    except config.UnsafeSettings as unsafe:
        bare = command_line.stand_in(unsafe)
        if bare is None:
            raise
        return _with_commands(bare)
    reference.reference()
    app = Program("app", instance_path=str(settings.instance), static_folder=None)
    _configure(app, settings)
    running = _clock_of(settings, now)
    _bind_extensions(app, running)
    signing.bind(_signing_key(settings))
    page.register(app)
    words.register(app)
    headers.register(app)
    errors.register(app)
    bounds.register(app)
    assets.register(app, settings.instance)
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    _bind_request(app, running)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if settings.is_demo:
        from demo.pages import bp as demo_pages

        app.register_blueprint(demo_pages)
    _with_commands(app)
    access.check_every_view(app)
    again.register(app)
    return app


def _with_commands(app: Flask) -> Flask:
    for part in COMMANDS:
        part.register(app)
    return app


def _configure(app: Flask, settings: config.Settings) -> None:
    secure = settings.session_cookie_secure
    app.config.update(
        SECRET_KEY=settings.secret_key,
        LOUYI=settings,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        # No statement's values in messages: they are what people typed.
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True, **_pool(settings.database_url)},
        # Twice the file limit, so that a form with a file and its fields is read; the file itself
        # is measured where it is opened, and says so in a sentence.
        MAX_CONTENT_LENGTH=2 * MAX_UPLOAD,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        SESSION_COOKIE_NAME="__Host-louyi" if secure else "louyi",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=sessions.HOUSEHOLD_LASTS,
        # A sign-in ends at its own hour on the server: a cookie sent anew would not prolong it.
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=secure,
        BABEL_TRANSLATION_DIRECTORIES="translations",
        BABEL_DEFAULT_LOCALE="en",
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_MIN_SIZE=500,
        # A page is compressed for every reader: a tenth larger than at level 4, in half the time.
        COMPRESS_BR_LEVEL=2,
        # The one answer with a tag, a picture, compares it itself.
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,
        **_limits_by_address(settings.limiter_url),
        **settings.extra,
    )


def _pool(database_url: str) -> dict[str, object]:
    """The connection used last is used next: it knows the statements, and has the pages at hand.

    One opened for a busy moment would learn them anew.
    """
    if models.database.url_of(database_url).database in (None, "", ":memory:"):
        return {}
    return {"pool_size": KEPT, "max_overflow": MORE, "pool_use_lifo": True}


def _bind_extensions(app: Flask, running: clock.Clock) -> None:
    db.init_app(app)
    with app.app_context():
        models.database.prepare_engine(db.engine)
        models.instants.bind(db.engine, clock.reading_of(running))
    models.database.bind(_unit)
    app.teardown_appcontext(_end_of_unit)
    login_manager.init_app(app)
    identity.register(app)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=localisation.locale)
    limiter.init_app(app)
    compress.init_app(app)


class Unit:
    """The unit of work of a request or a command: as long-lived as Flask's context for it."""

    def __init__(self) -> None:
        self.notes: dict[str, Any] = {}
        self.engine = db.engine

    def opened(self) -> bool:
        return db.session.registry.has()

    def session(self) -> Session:
        found: Session = db.session()
        return found


def _end_of_unit(_error: BaseException | None) -> None:
    if "unit" in g:
        models.database.let_go()


def _unit() -> Unit:
    # Asked for a dozen times in a request: past the detour that ``g`` takes each time.
    context: Any = app_ctx
    own = context._get_current_object().g.__dict__
    found: Unit | None = own.get("unit")
    if found is None:
        found = own["unit"] = Unit()
    return found


def _limits_by_address(url: str) -> dict[str, object]:
    """Counted in a redis that hangs or is gone: this process counts for itself meanwhile. The
    limits that keep codes and passwords safe are counted in the database as well."""
    return {
        "RATELIMIT_STORAGE_URI": url,
        "RATELIMIT_STORAGE_OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1}
        if url.startswith("redis")
        else {},
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        "RATELIMIT_SWALLOW_ERRORS": True,
        "RATELIMIT_HEADERS_ENABLED": False,
    }


def _signing_key(settings: config.Settings) -> signing.SigningKey:
    if settings.signing_key:
        return signing.from_text(settings.signing_key)
    return signing.kept_in(settings.instance)


def _clock_of(settings: config.Settings, given: clock.Clock | None) -> clock.Clock:
    if given is not None:
        return given
    if settings.is_demo:
        from demo.clock import DemoClock

        return DemoClock(settings.instance / "demo-clock.json")
    return clock.now


def _bind_request(app: Flask, now: clock.Clock) -> None:
    app.extensions["clock"] = now
    # The codes on phones follow the real time, also where a demo's clock runs ahead of it.
    app.extensions["phones_clock"] = clock.now if app.config["LOUYI"].is_demo else now

    @app.before_request
    def read_the_clock_and_the_actor() -> None:
        g.now = now()
        if request.endpoint is None:
            g.actor = ANONYMOUS
        elif not access.takes_claims(app, request.endpoint):
            identity.recognise()


if __name__ == "__main__":
    raise SystemExit("Start it with: make demo (to try it) or gunicorn 'app:create_app()'")
