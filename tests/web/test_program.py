"""What the program does in another way than Flask and its libraries comes to the same."""

from __future__ import annotations

import hmac
from http import HTTPStatus

import pytest
from flask import Flask, Request, redirect, session
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import create_environ
from werkzeug.utils import redirect as werkzeug_redirect

import signers
from program import Incoming, Program, Redirect

SECRET = "a-secret-that-is-long-enough-for-a-test"
CONTENT = {"_user_id": "某人", "csrf_token": "0" * 40}


@pytest.fixture
def program():
    made = Program("app")
    made.secret_key = SECRET
    return made


@pytest.mark.parametrize(
    "header",
    [None, "", "louyi=abc", "a=1; louyi=x.y-z_; b", 'q="a\\073b"; q=2', "楼=议; x=%E6", ";;="],
)
def test_cookies_are_read_as_the_library_reads_them(header):
    environ = create_environ()
    if header is not None:
        # As servers hand it over: a character for each byte.
        environ["HTTP_COOKIE"] = header.encode().decode("latin-1")
    assert Incoming(environ).cookies == Request(environ).cookies


@pytest.mark.parametrize("place", ["/", "/receipts/7K3F-9Q2M", "/a b", "/a?b=c&d=%", "/%41/é"])
def test_a_redirect_goes_where_the_librarys_goes(place):
    theirs = dict(werkzeug_redirect(place).get_wsgi_headers(create_environ()))
    ours = dict(Redirect(place, HTTPStatus.FOUND).get_wsgi_headers(create_environ()))
    assert ours["Location"] == theirs["Location"]
    assert "Content-Type" not in ours


def test_a_redirect_says_where_to_go_and_nothing_else(program):
    @program.get("/")
    def away() -> object:
        return redirect("/楼/一?q=甲 乙", 303)

    answer = program.test_client().get("/")
    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert answer.headers["Location"] == "/%E6%A5%BC/%E4%B8%80?q=%E7%94%B2%20%E4%B9%99"
    assert answer.headers["Content-Length"] == "0"
    assert answer.data == b""


def test_a_redirect_still_brings_the_cookie(program):
    @program.get("/")
    def away() -> object:
        session["x"] = "1"
        return redirect("/there")

    answer = program.test_client().get("/")
    assert answer.headers["Set-Cookie"].startswith("session=")


@pytest.mark.parametrize(
    ("kept", "changed", "says"),
    [
        ("no-store", False, {"Cookie": False, "Set-Cookie": False}),
        ("no-store", True, {"Cookie": True, "Set-Cookie": True}),
        ("max-age=60", False, {"Cookie": True, "Set-Cookie": False}),
    ],
)
def test_only_what_may_be_stored_says_that_it_depends_on_the_cookie(program, kept, changed, says):
    program.config["SESSION_REFRESH_EACH_REQUEST"] = False

    @program.get("/")
    def page() -> object:
        if changed:
            session["x"] = session.get("x", 0) + 1
        return str(session.get("x")), {"Cache-Control": kept}

    client = program.test_client()
    with client.session_transaction() as known:
        known["x"] = 1
    headers = client.get("/").headers
    found = {"Cookie": "Cookie" in headers.get("Vary", ""), "Set-Cookie": "Set-Cookie" in headers}
    assert found == says


def test_what_is_signed_is_what_the_libraries_sign(program):
    plain = Flask("plain")
    plain.secret_key = SECRET
    theirs = SecureCookieSessionInterface().get_signing_serializer(plain)
    ours = program.session_interface.get_signing_serializer(program)
    assert theirs.loads(ours.dumps(CONTENT)) == CONTENT
    assert ours.loads(theirs.dumps(CONTENT)) == CONTENT
    token = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token")
    assert token.loads(signers._Serializer(SECRET, salt="wtf-csrf-token").dumps("x")) == "x"


def test_what_somebody_else_signed_is_refused(program):
    ours = program.session_interface.get_signing_serializer(program)
    other = signers._Serializer("another-secret", salt=program.session_interface.salt)
    with pytest.raises(signers.BadData):
        ours.loads(other.dumps(CONTENT))


@pytest.mark.parametrize("length", [0, 1, 64, 65, 1000])
def test_a_key_kept_gives_the_signature_of_the_library(length):
    signer = signers._Signer(SECRET)
    for key in (b"k" * length, b"another"):
        for value in (b"v" * length, b"", b"w"):
            whole = hmac.new(key, value, signer.digest_method).digest()
            assert signer.algorithm.get_signature(key, value) == whole
