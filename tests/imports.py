"""Imports of rosters for tests, and what the register holds after them."""

from __future__ import annotations

from sqlalchemy import select

from models.database import session
from models.register import (
    Building,
    Dwelling,
    Entrance,
    Owner,
    Ownership,
)
from services import register
from services.register import preview_import

HEADER = "幢号,单元,室号,楼层,建筑面积,产权人\n"


def up(actor, community, clock, rows, *, name="a.csv", header=HEADER):
    text = header + "".join(f"{row}\n" for row in rows)
    return register.upload_roster(actor, community, file_name=name, data=text.encode(), now=clock())


def confirm(actor, upload, clock, **options):
    options = {"retire_gone": None} | options
    digest = preview_import(upload).digest
    return register.confirm_import(actor, upload, digest=digest, now=clock(), **options)


def rooms(community):
    return {
        (row.building, row.entrance, row.room): row
        for row in session().execute(
            select(
                Building.name.label("building"),
                Entrance.name.label("entrance"),
                Dwelling.room,
                Dwelling.area,
                Dwelling.retired_at,
                Dwelling.id,
            )
            .join(Entrance, Dwelling.entrance_id == Entrance.id)
            .join(Building, Entrance.building_id == Building.id)
            .where(Building.community_id == community.id)
        )
    }


def owners(dwelling_id):
    return set(
        session().scalars(
            select(Owner.name)
            .join(Ownership, Ownership.owner_id == Owner.id)
            .where(Ownership.dwelling_id == dwelling_id)
        )
    )


# Importing again, over the people of 3幢


def whole_building(world, **changes):
    """The roster of 3幢 as it is registered, some rooms of entrance 1 written otherwise."""
    rows = []
    for entrance in (world.first_entrance, world.second_entrance):
        for d in entrance.dwellings:
            names = "、".join(held.owner.name for held in d.ownerships)
            row = (
                f"3幢,{entrance.name},{d.room},{d.floor},{d.area // 100}.{d.area % 100:02d},{names}"
            )
            if entrance is world.first_entrance:
                row = changes.get(f"r{d.room}", row)
            if row:
                rows.append(row)
    return rows
