"""Addresses and texts that cannot be: answered in words on both engines, never with an error."""

from tests import votes_world as vw


def test_an_id_beyond_the_database_is_not_found(visit, world):
    browser = visit(world.committee)
    for number in (2**31, 2**63, 10**40):
        assert browser.send("GET", f"/motions/{number}").status_code == 404


def test_a_nul_in_an_address_or_a_form_is_refused(visit, world):
    browser = visit(world.sixth_floor)
    for path in ("/receipts/%00", "/motions/1?x=%00"):
        assert browser.send("GET", path).status_code == 400
    motion = vw.drafted_motion(world)
    lin = visit(world.committee)
    data = lin.get(f"/motions/{motion.id}/edit").form(button="Save").filled({"title": "a\0b"})
    path = f"/motions/{motion.id}/edit"
    assert lin.send("POST", path, data=data).status_code == 400
