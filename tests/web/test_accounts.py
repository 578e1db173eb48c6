"""Coming in, going out, one's own account, the people of a community: as pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import select

import config
from app import create_app
from domain.accounts import Role
from extensions import db, limiter
from models.accounts import AccessCode, Account, RoleGrant, SignIn
from models.database import session
from services import accounts_passwords, accounts_tries
from services.accounts_tries import CODES
from services.transaction import transaction
from tests.conftest import TestClock, migrate
from tests.letters import CODE, printed
from tests.statements import counting

WORD = "three moon roses on the balcony"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Protecting a password without the memory and time that make it safe."""
    monkeypatch.setattr(accounts_passwords, "MEMORY_KIB", 64)
    monkeypatch.setattr(accounts_passwords, "PASSES", 1)


@pytest.fixture
def letter(world, visit) -> Callable[[str], str]:
    """``letter(room)``: the code of the letter the committee prints for a room of entrance 1."""
    return partial(printed, world, visit)


def set_password(visitor, login, **values):
    page = visitor.get("/me/password")
    data = {"login": login, "password": WORD, "again": WORD} | values
    return visitor.post(page, data, button="Save")


# --- with a letter --------------------------------------------------------------------------


def test_a_household_scans_its_letter_enters_and_is_remembered(world, visit, clock, letter):
    code = letter("102")
    phone = visit()
    page = phone.get(f"/c/{code.replace('-', '')}")
    assert page.form(button="Enter").fields["code"] == [code]
    page = phone.post(page, button="Enter")
    assert page.heading == "Welcome, 姚志强"
    assert "工人新村 3幢 1单元 102" in page.text
    clock.move(days=179)
    assert "姚志强" in phone.get("/").text
    clock.move(days=2)
    assert "姚志强" not in phone.get("/").text


@pytest.mark.trust("2.4")
def test_looking_at_a_letters_address_uses_nothing_and_asks_nothing(world, visit, letter):
    code = letter("102")
    with counting() as statements:
        for _ in range(3):
            visit().send("GET", f"/c/{code.replace('-', '')}")
            visit().send("HEAD", f"/c/{code.replace('-', '')}")
    assert not [statement for statement in statements if "access_codes" in statement]
    assert session().execute(select(AccessCode.used_at)).scalars().all() == [None]


def test_the_code_can_be_typed_in_any_way(world, visit, letter):
    code = letter("102").lower().replace("-", " ")
    page = visit().post(visit().get("/sign-in"), {"code": code}, action="/c", status=400)
    phone = visit()
    page = phone.post(phone.get("/sign-in"), {"code": code}, action="/c")
    assert page.heading == "Welcome, 姚志强"


def test_whoever_does_not_stay_is_told_how_to_come_back(world, visit, clock, letter):
    phone = visit()
    page = phone.get("/sign-in")
    page = phone.post(page, {"code": letter("102"), "stay": []}, action="/c")
    assert "How do you want to come back?" in page.text
    page = phone.post(page, button="Stay signed in on this phone")
    clock.move(days=100)
    assert "姚志强" in phone.get("/me").text


def test_a_slip_is_told_and_what_was_typed_is_kept(world, visit, letter):
    code = letter("102")
    slip = ("2" if code[0] != "2" else "3") + code[1:]
    stranger = visit()
    page = stranger.post(stranger.get("/sign-in"), {"code": slip}, action="/c", status=422)
    assert "One of the signs is not right" in page.errors
    assert page.form(action="/c").fields["code"] == [slip]


def test_too_many_wrong_codes_close_the_door_for_all_and_say_so(world, visit, letter):
    code = letter("102")
    with transaction() as current:
        for _ in range(CODES.whole):
            accounts_tries.note(current, CODES, "somebody's guess", now=world.clock())
    phone = visit()
    page = phone.post(phone.get("/sign-in"), {"code": code}, action="/c", status=429)
    assert "Please wait 10 minutes" in page.errors
    assert "Many wrong codes are being tried" in visit(world.committee).get("/accounts").text
    world.clock.move(minutes=10)
    assert phone.post(phone.get("/sign-in"), {"code": code}, action="/c").status == 200


def test_two_spouses_on_one_phone_never_share_an_account(world, visit, letter):
    phone = visit(world.wife)
    assert "周慧敏" in phone.get("/me").text
    page = phone.get(f"/c/{letter('102').replace('-', '')}")
    assert "signs 周慧敏 out" in page.text
    phone.post(page, button="Enter")
    assert "周慧敏" not in phone.get("/me").text
    open_ = select(SignIn).where(SignIn.account_id == world.wife.id, SignIn.ended_at.is_(None))
    assert session().execute(open_).first() is None


def test_a_letter_issued_anew_signs_out_whoever_came_in_with_the_old_one(world, visit, letter):
    phone = visit()
    phone.post(phone.get("/sign-in"), {"code": letter("102")}, action="/c")
    set_password(phone, "yao102")
    assert "姚志强" in phone.get("/me").text
    letter("102")
    assert phone.send("GET", "/me").status_code == 302


# --- with a password ------------------------------------------------------------------------


def test_a_household_chooses_a_password_and_comes_back_with_it(world, visit, letter):
    phone = visit()
    page = phone.post(phone.get("/sign-in"), {"code": letter("102")}, action="/c")
    number = phone.get("/me/password").form(button="Save").fields["login"][0]
    assert re.fullmatch(r"[2-9]\d{7}", number)
    page = set_password(phone, number)
    assert "Your password is set" in page.text
    other = visit()
    page = other.get("/sign-in")
    page = other.post(page, {"login": number, "password": WORD}, button="Sign in")
    assert "姚志强" in page.text


def test_a_wrong_password_keeps_the_login_and_forgets_the_password(world, visit):
    stranger = visit()
    page = stranger.get("/sign-in")
    typed = {"login": "lin", "password": "not this at all"}
    page = stranger.post(page, typed, button="Sign in", status=422)
    form = page.form(button="Sign in")
    assert form.fields["login"] == ["lin"]
    assert form.fields["password"] == [""]
    assert "do not fit together" in page.errors


def test_whoever_was_sent_to_sign_in_goes_on_where_they_wanted(world, visit):
    set_password(visit(world.committee), "lin")
    stranger = visit()
    page = stranger.get(f"/accounts/{world.community.id}?x=1")
    assert page.heading == "Sign in"
    page = stranger.post(page, {"login": "lin", "password": WORD}, button="Sign in")
    assert page.heading == "People of 工人新村"
    assert page.answer.request.query_string == b"x=1"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil", "javascript:1", ""],
)
@pytest.mark.trust("3.7")
def test_signing_in_never_leads_out_of_the_house(world, visit, target):
    set_password(visit(world.committee), "lin")
    stranger = visit()
    page = stranger.get("/sign-in")
    form = page.form(button="Sign in").filled({"login": "lin", "password": WORD})
    answer = stranger.send("POST", "/sign-in", data=form, query_string={"next": target})
    assert answer.headers["Location"] == "/"


def test_a_password_that_is_refused_says_why_and_keeps_the_login(world, visit):
    visitor = visit(world.sixth_floor)
    page = visitor.get("/me/password")
    weak = {"login": "qiu.602", "password": "short", "again": "short"}
    page = visitor.post(page, weak, button="Save", status=422)
    assert "at least 12 characters" in page.errors
    assert page.form(button="Save").fields["login"] == ["qiu.602"]
    different = {"login": "13912345678", "password": WORD, "again": WORD}
    page = visitor.post(page, different, button="Save", status=422)
    assert "Do not use a phone number" in page.errors
    page = visitor.post(
        page, {"login": "qiu602", "password": WORD, "again": "x"}, button="Save", status=422
    )
    assert "not the same" in page.errors


def test_a_first_password_leads_to_choosing_another_before_anything_else(world, visit):
    committee = visit(world.committee)
    page = committee.get(f"/accounts/{world.community.id}/new")
    typed = {"role": "auditor", "name": "王芳", "login": "wang"}
    page = committee.post(page, typed, button="Make the account")
    password = CODE.search(page.text).group()
    new = visit()
    page = new.post(
        new.get("/sign-in?next=/audit"), {"login": "wang", "password": password}, button="Sign in"
    )
    assert page.heading == "Choose a password"
    for path in ("/", "/plans", "/audit"):
        assert new.get(path).heading == "Choose a password"
    assert new.send("GET", "/accounts").status_code == 403
    page = new.get("/audit")
    page = new.post(page, {"password": WORD, "again": WORD}, button="Save")
    assert page.heading == "Audit log"


# --- going out ------------------------------------------------------------------------------


@pytest.mark.trust("2.6")
def test_signing_out_ends_the_sign_in_on_the_server(app, world, visit):
    visitor = visit(world.committee)
    stolen = visitor.client.get_cookie("louyi").value
    visitor.post(visitor.get("/me"), action="/sign-out")
    thief = visit()
    thief.client.set_cookie("louyi", stolen)
    assert thief.send("GET", "/me").status_code == 302


@pytest.mark.trust("2.6")
def test_signing_out_everywhere_reaches_every_browser(world, visit):
    here, there = visit(world.committee), visit(world.committee)
    here.post(here.get("/me"), action="/sign-out-everywhere")
    assert there.send("GET", "/me").status_code == 302


def test_the_cookie_is_kept_from_scripts_and_other_sites(world, visit, letter):
    phone = visit()
    page = phone.get("/sign-in")
    form = page.form(action="/c").filled({"code": letter("102")})
    answer = phone.send("POST", "/c", data=form)
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("louyi="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.trust("2.6")
def test_coming_in_changes_the_session_so_that_none_can_be_planted(world, visit, letter):
    phone = visit()
    page = phone.get("/sign-in")
    with phone.client.session_transaction() as before:
        before["planted"] = "by somebody else"
        token = before["csrf_token"]
    phone.post(page, {"code": letter("102")}, action="/c", follow=False, status=302)
    with phone.client.session_transaction() as after:
        assert "planted" not in after
        assert after.get("csrf_token") != token


# --- people ---------------------------------------------------------------------------------


def test_a_committee_gives_and_ends_roles(world, visit):
    committee = visit(world.committee)
    page = committee.get("/accounts")
    assert "小周" in page.text
    page = committee.get(f"/accounts/{world.community.id}/new")
    typed = {
        "role": "stairwell_head",
        "name": "老崔",
        "login": "cui",
        "place": f"entrance-{world.second_entrance.id}",
    }
    page = committee.post(page, typed, button="Make the account")
    assert page.heading == "First password of 老崔"
    account = session().execute(select(Account).where(Account.login == "cui")).scalar_one()
    (grant,) = account.grants
    assert (grant.role, grant.entrance_id) == (Role.STAIRWELL_HEAD, world.second_entrance.id)
    page = committee.get("/accounts")
    assert "first password not changed yet" in page.text
    committee.post(page, action=f"/grants/{grant.id}/end")
    assert session().get_one(RoleGrant, grant.id).ended_at is not None


def test_a_stairwell_head_needs_a_place_and_what_was_typed_stays(world, visit):
    committee = visit(world.committee)
    page = committee.get(f"/accounts/{world.community.id}/new")
    typed = {"role": "stairwell_head", "name": "老崔", "login": "cui", "place": ""}
    page = committee.post(page, typed, button="Make the account", status=422)
    assert "Choose the entrance or building" in page.errors
    assert page.form(button="Make").fields["name"] == ["老崔"]


@pytest.mark.trust("2.2")
def test_what_the_form_does_not_offer_is_not_taken(world, visit):
    committee = visit(world.committee)
    page = committee.get(f"/accounts/{world.community.id}/new")
    form = page.form(button="Make the account")
    for forged in (
        {"role": "administrator"},
        {"role": "stairwell_head", "place": f"building-{world.other_building.id}"},
    ):
        data = form.filled({"name": "x", "login": "forged"}) | forged
        answer = committee.send("POST", form.action, data=data)
        assert answer.status_code == 422
    data = form.filled({"role": "auditor", "name": "y", "login": "extra"})
    data |= {"community_id": str(world.other_community.id), "grants": "administrator"}
    committee.send("POST", form.action, data=data)
    account = session().execute(select(Account).where(Account.login == "extra")).scalar_one()
    assert [g.community_id for g in account.grants] == [world.community.id]


def test_a_company_is_entered_and_its_contractor_signs_in(world, visit):
    committee = visit(world.committee)
    page = committee.get(f"/accounts/{world.community.id}/companies/new")
    page = committee.post(page, {"name": "新梯公司"}, button="Save")
    assert page.heading == "Give somebody of 新梯公司 a sign-in"
    page = committee.post(page, {"name": "小吴", "login": "wu.ti"}, button="Make the account")
    assert CODE.search(page.text)
    assert "新梯公司" in committee.get("/accounts").text


def test_the_administrator_makes_a_community_and_relieves_a_member(world, visit):
    admin = visit(world.administrator)
    page = admin.get("/system")
    typed = {"community_name": "和平里", "name": "赵主任", "login": "zhao"}
    page = admin.post(page, typed, button="Make the account")
    assert CODE.search(page.text)
    page = admin.get("/system")
    assert "和平里" in page.text
    (grant,) = world.second_committee.grants
    admin.post(page, action=f"/system/grants/{grant.id}/end")
    assert session().get_one(RoleGrant, grant.id).ended_at is not None


# --- limits by address ----------------------------------------------------------------------


@pytest.mark.trust("2.4")
def test_failures_from_one_address_are_limited_and_another_address_is_not(tmp_path, monkeypatch):
    # The limiter is one object for all apps of this run; the others have it switched off.
    monkeypatch.setattr(limiter, "enabled", limiter.enabled)
    url = f"sqlite:///{tmp_path / 'limited.sqlite3'}"
    migrate(url)
    settings = config.Settings(
        mode="development",
        secret_key="another-secret-for-tests-" + "0" * 20,
        database_url=url,
        instance=tmp_path,
        extra={"TESTING": True, "WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": True},
    )
    limited = create_app(settings, now=TestClock())
    browser = limited.test_client()

    def status(address="10.0.0.1"):
        where = {"REMOTE_ADDR": address}
        return browser.post("/c", data={"code": "nonsense"}, environ_base=where).status_code

    assert [status() for _ in range(32)] == [422] * 30 + [429] * 2
    assert status("10.0.0.9") == 422
    with limited.app_context():
        db.engine.dispose()
