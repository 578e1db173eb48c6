"""The floor of the benchmark does what it says, so that being as fast as it means something."""

from __future__ import annotations

import os

import pytest
from sqlalchemy import select

from bench import floor


@pytest.fixture
def client(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'floor.sqlite3'}"
    monkeypatch.setenv("SECRET_KEY", "a-secret-for-tests-only")
    monkeypatch.setenv("FLOOR_DATABASE", url)
    engine = floor.engine_for(url)
    floor.METADATA.create_all(engine)
    row = {"id": 1, "title": "加装电梯", "text": "同意", "agree": 20, "against": 4}
    with engine.begin() as connection:
        connection.execute(floor.MOTIONS.insert(), [row])
    serving = floor.create_app()
    yield serving.test_client()
    # From 3.13 on Python warns of a file that nobody closed.
    serving.extensions["engine"].dispose()
    engine.dispose()


def stored(url):
    engine = floor.engine_for(url)
    with engine.connect() as connection:
        rows = connection.execute(select(floor.VOTES)).all()
    engine.dispose()
    return [(row.voter_id, row.choice) for row in rows]


def sign_in(client):
    with client.session_transaction() as cookie:
        cookie.update({"_user_id": "7", "csrf_token": "t" * 40})


def test_the_floor_takes_a_vote_of_whom_the_cookie_names_and_the_newest_holds(client):
    form = {"csrf_token": "t" * 40, "choice": "agree"}
    assert client.post("/motions/1/ballot", data=form).status_code == 401
    sign_in(client)
    assert client.post("/motions/1/ballot", data=form | {"csrf_token": "x"}).status_code == 400
    assert client.post("/motions/1/ballot", data=form | {"choice": "maybe"}).status_code == 422
    assert stored(os.environ["FLOOR_DATABASE"]) == []
    for choice in ("agree", "against"):
        assert client.post("/motions/1/ballot", data=form | {"choice": choice}).status_code == 303
    assert stored(os.environ["FLOOR_DATABASE"]) == [(7, "against")]


def test_the_floor_shows_a_page_to_whom_the_cookie_names(client):
    assert client.get("/motions/1").status_code == 401
    sign_in(client)
    assert "加装电梯" in client.get("/motions/1").get_data(as_text=True)
