"""For checking a resolution elsewhere: its signed bundle, and the key of the signature."""

from __future__ import annotations

from datetime import datetime

from flask import abort, g, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.resolutions import bp
from blueprints.shared.access import public, requires
from blueprints.shared.downloads import name_file
from domain.accounts import Permission
from models import bundles_queries
from models import resolutions_queries as queries
from models.resolutions import Resolution
from services import bundles, signing

ZIP = "application/zip"


def _archive(data: bytes, name: str) -> ResponseReturnValue:
    answer = make_response(data)
    answer.mimetype = ZIP
    name_file(answer, name)
    return answer


@bp.get("/r/<key>/bundle.zip")
@public
def bundle(key: str) -> ResponseReturnValue:
    """The public bundle: the resolution, its signature and the key."""
    resolution = queries.published(key)
    if resolution is None:
        abort(404)
    return _archive(bundles.public_bundle(resolution), f"{resolution.number}.zip")


@bp.get("/r/<key>/full-bundle.zip")
@requires(Permission.SEE_PLAN, load=bundles_queries.visible_to)
def full_bundle(resolution: Resolution) -> ResponseReturnValue:
    """The bundle with roll and ballots, for those who may open the signed file; it is logged."""
    now: datetime = g.now
    data = bundles.full_bundle(g.actor, resolution, now=now)
    return _archive(data, _("%(number)s with roll and ballots", number=resolution.number) + ".zip")


@bp.get("/key")
@public
def signing_key() -> ResponseReturnValue:
    """The public key, its fingerprint, and how a bundle is checked."""
    current = signing.current()
    earlier = [pem for pem in bundles_queries.keys_used() if pem != current.public_pem]
    return render_template(
        "resolutions/key.html",
        current=current,
        earlier=[(signing.fingerprint_of(pem), pem) for pem in earlier],
    )


@bp.get("/key.pem")
@public
def signing_key_file() -> ResponseReturnValue:
    """The public key as a file."""
    answer = make_response(signing.current().public_pem)
    answer.mimetype = "application/x-pem-file"
    name_file(answer, "key.pem")
    return answer
