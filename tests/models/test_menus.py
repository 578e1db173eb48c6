"""What the schema itself keeps true about plans and menus, each rule broken on purpose."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from models.menus import MenuItem, OptionVersion
from models.plans import Notice, Plan
from services.transaction import transaction
from tests import menus_world


def refused(statement):
    with pytest.raises(IntegrityError), transaction() as current:
        current.execute(statement)


def test_a_published_version_is_neither_changed_nor_deleted(world):
    plan = menus_world.published_menu(world)
    version = menus_world.version(plan).id
    refused(update(OptionVersion).where(OptionVersion.id == version).values(unit_price=1))
    refused(update(OptionVersion).where(OptionVersion.id == version).values(published_at=None))
    refused(delete(OptionVersion).where(OptionVersion.id == version))


def test_a_draft_may_change(world):
    plan = menus_world.composed_menu(world)
    version = menus_world.version(plan).id
    with transaction() as current:
        current.execute(
            update(OptionVersion).where(OptionVersion.id == version).values(unit_price=1)
        )


def test_quantities_and_prices_make_sense_whoever_writes_them(world):
    plan = menus_world.composed_menu(world)
    here = OptionVersion.id == menus_world.version(plan).id
    refused(update(OptionVersion).where(here).values(quantity=0))
    refused(update(OptionVersion).where(here).values(unit_price=-1))
    refused(update(OptionVersion).where(here).values(payer="somebody"))


def test_a_version_number_is_given_once(world):
    plan = menus_world.composed_menu(world)
    first = menus_world.version(plan)
    columns = {
        column.key: getattr(first, column.key)
        for column in OptionVersion.__table__.columns
        if column.key != "id"
    }
    refused(insert(OptionVersion).values(**columns))


def test_items_have_a_class_a_matter_and_a_deciding_unit(world):
    plan = menus_world.composed_menu(world)
    here = MenuItem.plan_id == plan.id
    refused(update(MenuItem).where(here).values(matter=10))
    refused(update(MenuItem).where(here).values(item_class="luxury"))
    refused(update(MenuItem).where(here).values(decided_by="mayor"))


def test_a_consultation_closes_after_it_opens_and_shows_nothing_below_five(world):
    plan = menus_world.published_menu(world)
    here = Plan.id == plan.id
    before = plan.menu_published_at - timedelta(days=1)
    refused(update(Plan).where(here).values(consultation_closes_at=before))
    refused(update(Plan).where(here).values(threshold=4))
    refused(update(Plan).where(here).values(policy="everything"))


def test_a_notice_is_never_changed(world):
    plan = menus_world.published_menu(world)
    with transaction() as current:
        notice = current.scalar(select(Notice.id).where(Notice.plan_id == plan.id))
    refused(update(Notice).where(Notice.id == notice).values(place="别处"))
    refused(delete(Notice).where(Notice.id == notice))
