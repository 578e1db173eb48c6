"""Our own files: kept for ever under an address that changes with them; found from old pages."""

from __future__ import annotations

import pytest

OLD = "/static/0123456789ab/"


@pytest.fixture
def own(app) -> str:
    """The address of our stylesheet."""
    address: str = app.jinja_env.globals["static_url"]("css/louyi.css")
    return address


def test_a_file_is_kept_for_ever(app, own):
    with app.test_client().get(own) as answer:
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]


def test_a_page_of_another_version_is_led_to_our_file_and_nobody_keeps_that(app, own):
    client = app.test_client()
    answer = client.get(OLD + "css/louyi.css")
    assert answer.status_code == 302
    assert answer.headers["Location"] == own
    assert answer.headers["Cache-Control"] == "no-store"
    with client.get(own) as file:
        assert file.status_code == 200


@pytest.mark.parametrize(
    "path", [OLD + "nothing.css", OLD, OLD + "../css/louyi.css", "/static/css/louyi.css"]
)
def test_what_there_is_not_is_not_there(app, path):
    assert app.test_client().get(path).status_code == 404
