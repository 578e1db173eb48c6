"""Which rows an actor may see at all: the condition every ``visible_to`` query starts from.

An outsider's look-up finds nothing (404), whatever the id.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, true

from domain.accounts import Actor, Role
from models.register import Building, Community

# A contractor sees what was issued to the company, never a building.
_SEES_BUILDINGS = frozenset(Role) - {Role.CONTRACTOR}


def buildings_visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition on ``Building`` that it lies in a scope of the actor's."""
    conditions: list[ColumnElement[bool]] = []
    for grant in actor.grants:
        if grant.role not in _SEES_BUILDINGS:
            continue
        if grant.scope.building is not None:
            conditions.append(Building.id == grant.scope.building)
        elif grant.scope.community is not None:
            conditions.append(Building.community_id == grant.scope.community)
        else:
            conditions.append(true())
    return or_(false(), *conditions)


def sees_building(actor: Actor, community_id: int, building_id: int) -> bool:
    """The same condition asked of one building whose place is known."""
    return any(
        grant.scope.building == building_id
        if grant.scope.building is not None
        else grant.scope.community in (None, community_id)
        for grant in actor.grants
        if grant.role in _SEES_BUILDINGS
    )


def communities_visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition on ``Community`` that the actor holds a role somewhere in it."""
    conditions: list[ColumnElement[bool]] = []
    for grant in actor.grants:
        if grant.role not in _SEES_BUILDINGS:
            continue
        if grant.scope.community is not None:
            conditions.append(Community.id == grant.scope.community)
        else:
            conditions.append(true())
    return or_(false(), *conditions)
