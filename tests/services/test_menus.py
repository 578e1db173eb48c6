"""Menus: composed, published to buildings, and changed only by new versions."""

from tests import menus_world


def test_a_published_menu_has_its_period_bands_and_notice(world):
    plan = menus_world.published_menu(world)
    assert plan.menu_published_at == world.clock()
