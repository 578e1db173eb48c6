"""The second factor on pages: asked for before a step, and nothing typed is lost."""

from __future__ import annotations

import io
from datetime import timedelta

import pyotp
import pytest

from models.database import session
from models.register import Community
from tests import menus_world
from tests import votes_world as vw

# What pages do with it does not depend on the engine; the services are tested on both.
pytestmark = [
    pytest.mark.trust("2.5"),
    pytest.mark.parametrize("place", ["sqlite"], indirect=True),
]


def secret_on(page) -> str:
    return page.text_of(page.all("code")[0]).replace(" ", "")


def enrol(browser, clock, path="/me/second-factor"):
    """Set it up as somebody with a phone does; returns the app and the page that comes next."""
    page = browser.post(browser.get(path), button="Begin")
    phone = pyotp.TOTP(secret_on(page))
    page = browser.post(page, {"factor_code": phone.at(clock())}, button="Check and switch on")
    assert len(page.all("code")) == 10
    return phone, page


def later(clock) -> None:
    clock.move_to(clock() + timedelta(minutes=16))


def edit(world) -> str:
    return f"/communities/{world.community.id}/edit"


def test_staff_who_have_none_are_led_to_set_it_up_and_back(visit, world, clock):
    lin = visit(world.committee, confirmed=False)
    page = lin.get(edit(world))
    assert page.heading == "Set up the second factor"
    _phone, page = enrol(lin, clock, edit(world))
    assert lin.get(page.links()["They are kept: go on"]).answer.request.path == edit(world)


def test_a_page_asks_for_the_code_first_and_comes_back(visit, world, clock):
    lin = visit(world.committee, confirmed=False)
    phone, _page = enrol(lin, clock)
    later(clock)
    page = lin.get(f"{edit(world)}?from=here")
    assert page.heading == "Confirm that it is you"
    page = lin.post(page, {"factor_code": "000000"}, status=422)
    assert "wrong or used already" in page.errors
    page = lin.post(page, {"factor_code": phone.at(clock())})
    assert page.answer.request.path == edit(world)
    assert page.answer.request.query_string == b"from=here"


def test_a_form_whose_confirmation_ran_out_goes_on_after_the_code(visit, world, clock):
    lin = visit(world.committee, confirmed=False)
    phone, _page = enrol(lin, clock)
    form = lin.get(edit(world))
    later(clock)
    page = lin.post(form, {"address": "鼓楼区 <1> & “2”"}, status=403)
    assert page.heading == "Confirm that it is you"
    assert "Nothing is lost" in page.text
    assert session().get(Community, world.community.id).address == ""
    page = lin.post(page, {"factor_code": "12"}, status=422)
    page = lin.post(page, {"factor_code": phone.at(clock())})
    assert page.answer.request.path == f"/communities/{world.community.id}"
    session().expire_all()
    assert session().get(Community, world.community.id).address == "鼓楼区 <1> & “2”"


def test_a_newcomer_s_first_form_waits_until_the_second_factor_is_set_up(visit, world, clock):
    admin = visit(world.administrator, confirmed=False)
    values = {"community_name": "新村", "name": "王主任", "login": "wang"}
    page = admin.post(admin.get("/system"), values, button="Make the account", status=403)
    assert page.heading == "Set up the second factor"
    page = admin.post(page, button="Begin")
    phone = pyotp.TOTP(secret_on(page))
    page = admin.post(page, {"factor_code": "111111"}, button="Check", status=422)
    page = admin.post(page, {"factor_code": phone.at(clock())}, button="Check and switch on")
    page = admin.post(page, button="They are kept: go on")
    assert page.heading == "First password of 王主任"


def test_nobody_is_led_to_send_somebody_else_s_form(visit, world, clock):
    """A page that was only opened sends nothing on, whatever its address says."""
    lin = visit(world.committee, confirmed=False)
    phone, _page = enrol(lin, clock)
    later(clock)
    motion = vw.posted_motion(world)
    target = f"/motions/{motion.id}/cancel"
    page = lin.get(f"/confirm?next={target}&sent_on={target}&goes_to={target}")
    assert "Nothing is lost" not in page.text
    form = page.form(button="Confirm")
    form.fields |= {"sent_on": [target]}
    data = form.fields | {"factor_code": phone.at(clock()), "reason": "untergeschoben"}
    answer = lin.send("POST", f"/confirm?next={target}", data=data)
    assert (answer.status_code, answer.headers["Location"]) == (303, target)
    for address in ("https://example.org/x", "//example.org", "/\\example.org"):
        later(clock)
        page = lin.get(f"/confirm?next={address}")
        data = page.form(button="Confirm").fields | {"factor_code": phone.at(clock())}
        answer = lin.send("POST", page.form(button="Confirm").action, data=data)
        assert answer.headers["Location"] == "/me/second-factor"


def test_a_ticket_of_another_sign_in_is_worth_nothing(visit, world, clock):
    lin, zhou = (visit(a, confirmed=False) for a in (world.committee, world.second_committee))
    enrol(lin, clock)
    phone, _page = enrol(zhou, clock)
    form = lin.get(edit(world))
    later(clock)
    asked = lin.post(form, {"address": "x"}, status=403).form(button="Confirm").fields
    own = zhou.get("/confirm").form(button="Confirm").fields
    data = asked | own | {"factor_code": phone.at(clock())}
    assert zhou.send("POST", "/confirm", data=data).status_code == 303


def test_new_recovery_codes_and_another_phone_ask_for_the_present_code_first(visit, world, clock):
    lin = visit(world.committee, confirmed=False)
    phone, _page = enrol(lin, clock)
    later(clock)
    page = lin.post(lin.get("/me/second-factor"), action="recovery-codes", status=403)
    page = lin.post(page, {"factor_code": phone.at(clock())})
    assert len(page.all("code")) == 10
    page = lin.post(lin.get("/me/second-factor"), button="Change to another phone")
    assert secret_on(page) != phone.secret


def test_a_committee_takes_the_second_factor_off_its_auditor(visit, world, clock):
    auditor = visit(world.auditor, confirmed=False)
    enrol(auditor, clock)
    lin = visit(world.committee)
    people = lin.get(f"/accounts/{world.community.id}")
    from tests.services.test_second_factor import grant_of

    action = f"/grants/{grant_of(world.auditor).id}/second-factor/reset"
    page = lin.post(people, action=action)
    assert "They set up a new one" in page.text
    assert auditor.send("GET", "/me").status_code == 302


def test_a_household_has_no_page_for_it(visit, world):
    visit(world.sixth_floor).get("/me/second-factor", status=403)
    assert "codes from my phone" not in visit(world.sixth_floor).get("/me").text
    assert "codes from my phone" in visit(world.auditor).get("/me").text


def test_a_picture_that_cannot_wait_is_asked_for_again_and_nothing_is_published_without_it(
    visit, world, clock
):
    plan = menus_world.published_menu(world)
    option = menus_world.version(plan).option
    lin = visit(world.committee, confirmed=False)
    phone, _page = enrol(lin, clock)
    later(clock)
    asked = lin.get(f"/options/{option.id}/edit")
    assert asked.heading == "Confirm that it is you"
    form = lin.post(asked, {"factor_code": phone.at(clock())})
    later(clock)
    said = {"specification": "井道贴墙", "change_note": "图纸已定"}
    said["picture"] = (io.BytesIO(b"\x89PNG"), "图.png")
    page = lin.post(form, said, button="Publish", status=403)
    page = lin.post(page, {"factor_code": phone.at(clock())}, status=422)
    assert "Choose the file once more" in page.errors
    assert page.form(button="Publish").fields["specification"] == ["井道贴墙"]
    session().expire_all()
    assert [one.number for one in option.versions] == [1]
