"""The pages of motions and votes, walked through as their people do."""

from __future__ import annotations

from tests import votes_world as vw


def test_a_committee_draws_up_announces_and_counts_and_owners_vote(visit, world, clock):
    plan = vw.consulted_plan(world)
    lin = visit(world.committee)
    page = lin.get(f"/plans/{plan.id}/motions")
    assert "No motion yet" in page.text
    page = lin.get(page.links()["Draw up a motion"])
    page = lin.get(page.links()["加装电梯: 贴墙井道电梯"])
    assert "700,000.00" in page.text
    page = lin.post(page, {"entrance": str(world.first_entrance.id)}, button="Draw up")
    motion_path = page.answer.request.path
    page = lin.get(page.links()["Look at the roll and post it"])
    assert "11 owners, 726.56 m²" in page.text
    page = lin.post(page, button="Yes: Post the roll")
    page = lin.get(f"{motion_path}/announce")
    page = lin.post(page, button="Look at everything once more")
    assert "This cannot be undone" in page.text
    page = lin.post(page, button="Announce the vote")
    assert "Voting opens on" in page.text
