"""Menus on the pages: composed, published, revised by the committee; read by households."""

from tests import menus_world


def test_every_page_of_a_published_menu_can_be_read(visit, world):
    plan = menus_world.published_menu(world)
    committee = visit(world.committee)
    for path in ("/plans", f"/plans/{plan.id}", f"/plans/{plan.id}/menu", f"/plans/{plan.id}/compose", f"/plans/{plan.id}/compose/catalogue", f"/plans/{plan.id}/items/new", f"/plans/{plan.id}/consultation", f"/plans/{plan.id}/notices/new"):
        committee.get(path)
    option = menus_world.version(plan).option
    for path in (f"/options/{option.id}", f"/options/{option.id}/edit", f"/options/{option.id}/withdraw", f"/items/{option.item_id}/options/new"):
        committee.get(path)
    resident = visit(world.sixth_floor, language="zh")
    for path in ("/plans", f"/plans/{plan.id}", f"/plans/{plan.id}/menu"):
        resident.get(path)
