"""Accounts: everything the program can do with them, gathered under one name.

Coming in by login or by letter, one's own password, the people of a community, household letters.
"""

from services.accounts_codes import (
    AlreadyIn,
    Letter,
    end_residence,
    issue_codes,
    issue_letters,
    redeem,
)
from services.accounts_entry import (
    Entered,
    may_be_remembered,
    set_password,
    sign_in,
    sign_out_everywhere,
    stay_signed_in,
    suggest_login,
)
from services.accounts_people import (
    FirstPassword,
    create_administrator,
    create_company,
    create_contractor,
    create_first_member,
    create_head,
    create_staff,
    end_role,
    renew_first_password,
    reset_by_operator,
    reset_second_factor,
)
from services.accounts_tries import CODES, LOGINS, TooMany, failures

__all__ = [
    "CODES",
    "LOGINS",
    "AlreadyIn",
    "Entered",
    "FirstPassword",
    "Letter",
    "TooMany",
    "create_administrator",
    "create_company",
    "create_contractor",
    "create_first_member",
    "create_head",
    "create_staff",
    "end_residence",
    "end_role",
    "failures",
    "issue_codes",
    "issue_letters",
    "may_be_remembered",
    "redeem",
    "renew_first_password",
    "reset_by_operator",
    "reset_second_factor",
    "set_password",
    "sign_in",
    "sign_out_everywhere",
    "stay_signed_in",
    "suggest_login",
]
