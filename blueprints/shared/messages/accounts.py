"""Sentences for refusals about accounts, codes and passwords."""

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "code_empty": _l("Type the code on your letter."),
    "code_sign": _l(
        "“%(sign)s” does not occur in a code. There is no O, 0, I, 1, L, D, Q, U or V in it."
    ),
    "code_length": _l("A code has %(length)s letters and digits; you typed %(typed)s."),
    "code_mistyped": _l(
        "One of the signs is not right. Please compare the code with your letter, group by group."
    ),
    "code_wrong": _l(
        "This code does not open anything: it is wrong, used already or out of date. Ask the "
        "residents' committee for a new letter."
    ),
    "code_used_by_you": _l("You have come in with this code already. You need it no more."),
    "too_many_tries": _l(
        "Too many wrong tries have come in. For safety nothing is looked at now. Please wait "
        "%(minutes)s minutes and try again; your code or password stays good."
    ),
    "sign_in_wrong": _l("Login name and password do not fit together. Please check both."),
    "sign_in_first": _l("Please sign in first."),
    "staff_not_long": _l("Staff and contractors stay signed in for 12 hours at most."),
    "login_length": _l("A login name has %(shortest)s to %(longest)s characters."),
    "login_signs": _l("Use only letters, digits, dot, dash and underline in a login name."),
    "login_is_phone": _l("Do not use a phone number. Take the number offered, or a name."),
    "login_taken": _l("Somebody else has this login name. Choose another."),
    "password_short": _l("The password needs at least %(shortest)s characters."),
    "password_long": _l("The password may have %(longest)s characters at most."),
    "password_simple": _l("This password repeats the same few characters. Choose another."),
    "password_has_login": _l("The password must not contain the login name."),
    "password_old_wrong": _l("The present password is not right."),
    "name_empty": _l("Fill in the name."),
    "name_long": _l("A name may have %(longest)s characters at most."),
    "role_unknown": _l("Choose one of the roles."),
    "role_own": _l("You cannot end or reset your own role. Somebody else has to do it."),
    "role_ended": _l("This role has already ended."),
    "role_elsewhere": _l(
        "This account also holds a role elsewhere. The administrator has to help."
    ),
    "letter_instead": _l("A household gets a new letter instead of a password."),
    "place_missing": _l("Choose the entrance or building of the stairwell head."),
    "company_taken": _l("This company is already in the list."),
    "letters_none": _l("Tick at least one letter."),
    "letters_unknown": _l("The register has changed meanwhile. Load the page again."),
    "letters_printed": _l(
        "These letters were printed already, at %(at)s. If the file or the paper is lost, tick "
        "“Replace letters that are already out” and print again: the codes in the earlier ones "
        "stop working."
    ),
    "letters_out": _l(
        "%(count)s of these letters are out or used already. Tick “Replace letters that are "
        "already out” if that is what you want."
    ),
    "factor_code_empty": _l("Type the code."),
    "factor_code_shape": _l(
        "That is neither six digits nor a recovery code. Please compare it once more."
    ),
    "factor_wrong": _l(
        "This code is wrong or used already. Wait for the next one; check the clock of the phone."
    ),
    "factor_missing": _l("Set up the second factor first."),
    "factor_not_begun": _l("The key was shown too long ago. Begin again."),
    "factor_confirm_first": _l("Confirm with a code of your present second factor first."),
    "factor_for_staff": _l("The second factor is for the committee, administrators and auditors."),
    "factor_unreadable": _l(
        "Your second factor cannot be read any more, because the program's secret was changed. "
        "Have it taken off and set up a new one."
    ),
    "login_unknown": _l("Nobody has this login name."),
    "not_yours": _l("This is outside the places you look after."),
}
