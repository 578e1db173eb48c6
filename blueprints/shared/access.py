"""The rule on every view: who may, on which object.

``@requires(Permission, load=query)`` loads the object through the actor (nothing found: 404), then
checks the permission where the object is (403), and hands the view the object, never an id. With
``confirmed=True`` the step also wants a second factor typed within the last quarter of an hour;
where only some objects want it, ``confirmed`` is the question asked of the object. A view without a
rule stops the start; ``@public`` says aloud that there is none to check.

``@requires_of_claims`` is the same rule where the use case looks up the sign-in itself, along with
the locks it takes; whoever does not pass there is judged by ``@requires``.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, Protocol, TypeVar

from flask import Flask, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from blueprints.shared import confirmation, identity
from domain.accounts import ANONYMOUS, Actor, Permission, Scope
from domain.errors import Failure, NotStored, NotYetKnown
from services import sessions

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


class Placed(Protocol):
    """An object that says where it is."""

    @property
    def scope(self) -> Scope: ...


# load(actor, **view arguments) -> the object, or None when the actor cannot see it
Load = Callable[..., Placed | None]
# known(**view arguments) -> the object, when that much is known without asking for whom
Known = Callable[..., Placed | None]
# view(object, who acts on it)
ViewOfClaims = Callable[[Any, "Actor | sessions.Claim"], ResponseReturnValue]


def public(view: View) -> View:
    """Anybody may, signed in or not."""
    view._access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Anybody who is signed in may: the view shows only what is the actor's own."""

    @wraps(view)
    def guarded(**arguments: Any) -> ResponseReturnValue:
        if g.actor is ANONYMOUS:
            return _to_sign_in()
        return view(**arguments)

    guarded._access = "signed_in"  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def requires(
    permission: Permission,
    *,
    load: Load | None = None,
    confirmed: bool | Callable[[Any], bool] = False,
) -> Callable[[View], View]:
    """The actor must hold ``permission`` where the loaded object is; without ``load`` anywhere.

    ``confirmed``: the sign-in must have been confirmed by a second factor just now; a function says
    of which objects.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> ResponseReturnValue:
            actor: Actor = g.actor
            if actor is ANONYMOUS:
                return _to_sign_in()
            if load is None:
                if not actor.may_anywhere(permission):
                    abort(403)
                question = confirmation.asked() if confirmed else None
                return view(**arguments) if question is None else question
            subject = load(actor, **arguments)
            if subject is None:
                abort(404)
            # A page that has to refuse leads on to the plan it belongs to.
            g.subject = subject
            if not actor.may(permission, subject.scope):
                abort(403)
            wanted = confirmed(subject) if callable(confirmed) else confirmed
            question = confirmation.asked() if wanted else None
            return view(subject) if question is None else question

        guarded._access = permission  # type: ignore[attr-defined]
        guarded._confirmed = confirmed  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def requires_of_claims(
    permission: Permission, *, load: Load, known: Known, seen_by: Callable[[Actor, Any], bool]
) -> Callable[[ViewOfClaims], Callable[..., ResponseReturnValue]]:
    """``requires(permission, load=load)`` for a view that is handed the object and who acts on it.

    Where the object is ``known`` before it is known who asks, that is a claim, which the view's use
    case looks up and admits by the same rule (``seen_by``: whom ``load`` finds the object for); the
    use case raises ``NotAdmitted`` otherwise. Then, and where the object is not known, the rule is
    applied before the view, says what is missing or hands it the actor.
    """

    def decorate(view: ViewOfClaims) -> Callable[..., ResponseReturnValue]:
        @requires(permission, load=load)
        def before(subject: Any) -> ResponseReturnValue:
            return view(subject, g.actor)

        @wraps(view)
        def guarded(**arguments: Any) -> ResponseReturnValue:
            token = None if "actor" in g else identity.token()
            subject = None if token is None else known(**arguments)
            if token is not None and subject is not None:
                try:
                    return view(subject, _claim(token, permission, subject, seen_by))
                except sessions.NotAdmitted:
                    pass
                except Exception as error:
                    _recognise_after(error)
                    raise
            if "actor" not in g:
                identity.recognise()
            return before(**arguments)

        guarded._access = permission  # type: ignore[attr-defined]
        guarded._takes_claims = True  # type: ignore[attr-defined]
        return guarded

    return decorate


def _claim(
    token: str, permission: Permission, subject: Placed, seen_by: Callable[[Actor, Any], bool]
) -> sessions.Claim:
    def admits(actor: Actor) -> bool:
        return seen_by(actor, subject) and actor.may(permission, subject.scope)

    return sessions.Claim(sessions.digest(token), g.now, admits)


def _recognise_after(error: Exception) -> None:
    """The page that says what went wrong is drawn for whoever is there, unless it is the database
    that has gone: nobody is kept waiting for it once more to be called by name."""
    lost = isinstance(error, NotStored) and error.failure is Failure.LOST
    if lost or isinstance(error, NotYetKnown):
        return
    with suppress(SQLAlchemyError):
        identity.recognise()


def takes_claims(app: Flask, endpoint: str) -> bool:
    """Whether the view does without knowing beforehand who is there."""
    return getattr(app.view_functions[endpoint], "_takes_claims", False)


def rule_of(app: Flask, endpoint: str) -> Permission | str | None:
    """The rule a view carries: a permission, ``public``, ``signed_in``, or none."""
    return getattr(app.view_functions[endpoint], "_access", None)


def wants_second_factor(app: Flask, endpoint: str) -> bool:
    """Whether the view asks for a second factor typed just now, of whatever object."""
    return bool(getattr(app.view_functions[endpoint], "_confirmed", False))


def check_every_view(app: Flask) -> None:
    """Stop the start when a view carries no rule."""
    bare = sorted(name for name in app.view_functions if rule_of(app, name) is None)
    if bare:
        raise RuntimeError(f"views without an access rule: {', '.join(bare)}")


def _to_sign_in() -> ResponseReturnValue:
    if request.method not in ("GET", "HEAD"):
        abort(401)
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
