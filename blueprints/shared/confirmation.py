"""Steps that want the second factor: asked for, and what was on its way afterwards sent on.

A page that leads to such a step is asked for first and shown after the code. A form that was sent
when the confirmation had run out is answered with the page that asks for the code; the fields ride
along as hidden inputs, and after the right code the browser sends them on (307), with a new token,
to where they were going. Where that is stands in a ticket signed for this sign-in and made only
here, for a form whose own token was right: nobody can be led to a page that sends somebody else's
form on.
"""

from __future__ import annotations

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import StringField

from blueprints.shared.forms import NotBlank
from blueprints.shared.messages import sentence
from blueprints.shared.page import own_path
from domain.errors import Refused
from domain.second_factor import is_confirmed
from services import second_factor, sessions

TICKET = "sent_on"
# Says to the view that a file was chosen, which a page that asks for the code cannot take along.
FILES_LEFT_BEHIND = "files_left_behind"
CHOOSE_AGAIN = _l("Choose the file once more: it could not wait while you typed the code.")
OWN_FIELDS = frozenset({"csrf_token", "factor_code", TICKET})


class FactorForm(FlaskForm):
    """The code of the phone, or a recovery code."""

    factor_code = StringField(
        _l("Code"),
        [NotBlank()],
        description=_l("Six digits from the app on your phone, or one of your recovery codes."),
        render_kw={"maxlength": 40},
    )

    def refuse(self, refusal: Refused) -> None:
        """Show a refusal at the field."""
        self.factor_code.errors = [*self.factor_code.errors, sentence(refusal)]


def asked() -> ResponseReturnValue | None:
    """``None`` when this sign-in was confirmed just now; else the answer that asks for a code."""
    if is_confirmed(sessions.confirmed_until(current_user.id), g.now):
        return None
    here = own_path(request.full_path.rstrip("?"))
    enrolled = second_factor.is_enrolled(g.actor)
    if request.method in ("GET", "HEAD"):
        endpoint = "accounts.confirm" if enrolled else "accounts.second_factor"
        return redirect(url_for(endpoint, next=here))
    if enrolled:
        return ask(FactorForm(formdata=None), sent_on=here, status=403)
    body = render_template(
        "accounts/second_factor.html", status=second_factor.status(g.actor), **carried(here)
    )
    return body, 403


def ask(
    form: FactorForm, *, sent_on: str | None, next_path: str = "/", status: int = 200
) -> ResponseReturnValue:
    """The page that asks for a code; ``sent_on`` is where a form goes on to afterwards."""
    body = render_template("accounts/confirm.html", form=form, next=next_path, **carried(sent_on))
    return body, status


def carried(path: str | None) -> dict[str, object]:
    """What a page needs to take a form along: its fields, and the ticket to where it goes."""
    if path is None:
        return {"fields": [], "ticket": None, "goes_to": None}
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in OWN_FIELDS and len(name) <= 200
    ]
    if any(chosen.filename for chosen in request.files.values()):
        fields.append((FILES_LEFT_BEHIND, "1"))
    ticket = _signer().dumps([path, sessions.digest(current_user.id)])
    return {"fields": fields, "ticket": ticket, "goes_to": path}


def ticket_path() -> str | None:
    """Where the form that rides along goes, if its ticket is ours and of this very sign-in."""
    try:
        path, holder = _signer().loads(request.form.get(TICKET, ""))
    except (BadSignature, ValueError, TypeError):
        return None
    if holder != sessions.digest(current_user.id):
        return None
    return own_path(path)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="louyi: a form sent on")
