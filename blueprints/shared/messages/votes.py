"""Sentences for refusals about motions, rolls, ballots, paper and counts."""

from flask_babel import lazy_gettext as _l

MESSAGES = {
    # drawing up
    "motion_title_missing": _l("Give the motion a title."),
    "motion_title_too_long": _l("The title has more than %(most)s characters."),
    "motion_text_missing": _l("Write the exact text that is voted on."),
    "motion_text_too_long": _l("The text has more than %(most)s characters."),
    "matter_weaker": _l(
        "This item falls under number %(item)s of article 278, which needs three quarters by "
        "heads and by area. Choose one of the numbers 6 to 8."
    ),
    "item_not_voted": _l("This item is paid by the state alone: it is consulted on, not voted."),
    "option_has_newer_version": _l(
        "The option has a newer version, number %(number)s. Draw the motion up from that one."
    ),
    "electorate_is_building": _l("This item is decided by the whole building."),
    "entrance_needed": _l("This item is decided entrance by entrance. Choose the entrance."),
    "entrance_of_another_building": _l("This entrance belongs to another building."),
    "motion_already_drawn": _l(
        "Motion %(number)s about this option is there already for the same owners."
    ),
    "motion_already_redrawn": _l("It was drawn up anew already, as motion %(number)s."),
    "redraws_something_else": _l("A motion is drawn up anew for the same item and owners."),
    "motion_not_at_this_stage": _l("The motion has moved on, so this cannot be done any more."),
    "motion_not_announced": _l("The vote on this motion is not announced yet."),
    "motion_cancelled": _l("This motion was cancelled. Nothing was recorded."),
    "plan_not_active": _l("The plan was withdrawn, suspended or annulled."),
    "cancel_reason_missing": _l("Say why the motion is cancelled; the owners will read it."),
    # the roll
    "electorate_empty": _l("There is no owner here who could vote. Check the register first."),
    "roll_already_posted": _l("The roll was posted before; it is corrected, not posted again."),
    "roll_not_posted": _l("Post the roll of owners first."),
    "roll_reason_missing": _l("Say why the roll is corrected; everybody will read it."),
    "roll_frozen": _l("The roll is fixed: it can be corrected before voting opens only."),
    "roll_unchanged": _l("The register says the same as the roll. Correct the register first."),
    "roll_superseded": _l("The roll was corrected meanwhile. Open it again."),
    "second_person_needed": _l(
        "Another member of the committee has to do this: two people are needed."
    ),
    "representative_not_needed": _l("This owner stands alone and needs no representative."),
    "owner_not_of_voter": _l("This person is not among the owners."),
    "document_missing": _l("Say which paper names the representative."),
    # announcing
    "consultation_not_closed": _l(
        "Households are still answering the menu. Announce the vote when that has closed."
    ),
    "objection_unanswered": _l(
        "Objections without an answer: %(number)s. Answer them before the vote is announced."
    ),
    "motion_version_superseded": _l(
        "The option has changed: version %(number)s is published. Cancel this motion and draw it "
        "up anew."
    ),
    "notice_too_short": _l("Notice has to be given for at least %(least)s days here."),
    "opens_before_notice_ends": _l(
        "Voting cannot open before the notice has run out: %(earliest)s at the earliest."
    ),
    "opens_before_roll_posting_ends": _l(
        "The roll has to stay posted first: voting can open on %(earliest)s at the earliest."
    ),
    "vote_too_long": _l("A vote cannot stay open for more than %(most)s days."),
    # casting
    "choice_missing": _l("Choose one of the answers."),
    "not_on_roll": _l(
        "You are not on the roll of owners who decide this, so you have no ballot here."
    ),
    "voter_not_chosen": _l("You own under several names. Choose for which one you answer."),
    "representative_named": _l(
        "The co-owners have named one person to vote for them. Only that person can answer."
    ),
    "vote_not_open": _l("Voting has not opened yet. Nothing was recorded."),
    "vote_closed": _l("Voting has closed. Nothing was recorded."),
    "channel_not_in_app": _l(
        "In this city votes are not cast here but on paper or on the authority's own platform."
    ),
    "paper_confirmed": _l(
        "Your paper ballot has been recorded and counts. It cannot be changed online; speak to "
        "the committee if something is wrong with it."
    ),
    "form_key_missing": _l("This page is incomplete. Open the ballot again and send once more."),
    "form_key_taken": _l("This page was sent by somebody else. Open the ballot again."),
    # who votes for whom
    "represented_by_another": _l(
        "Somebody else is on record as voting for this owner, so the owner cannot answer in person."
    ),
    "mandate_kind_unknown": _l("Choose on what ground somebody else votes."),
    "mandate_document_missing": _l("Say which paper you have seen."),
    "mandate_seen_later": _l("The paper must have been seen by today and before the close."),
    "mandate_holder_missing": _l("Say who votes: choose an owner on the roll, or write the name."),
    "mandate_holder_owns": _l(
        "This person owns the same dwelling. Record a representative of the co-owners instead."
    ),
    "mandate_of_person": _l("This owner is a person and has no company representative."),
    "mandate_of_company": _l("This owner is not a person; choose company representative or proxy."),
    "mandate_stands": _l("Somebody is on record for this owner already. Withdraw that first."),
    "mandate_not_standing": _l("This mandate does not hold any more. Choose who signed."),
    "mandate_reason_missing": _l("Say why it is withdrawn."),
    "mandate_withdrawn_before": _l("It has been withdrawn already."),
    # doors
    "delivery_unknown": _l("Choose what came of it."),
    "posting_place_missing": _l("Say where the notice to this owner was posted."),
    "door_not_yours": _l("This door is not in your part of the house."),
    "two_collectors_needed": _l(
        "A paper ballot is handed to two different people: give both names."
    ),
    # the official platform
    "channel_not_offered": _l("Votes cannot be cast in this way in this city."),
    "platform_not_used": _l("Votes on this motion are not cast on an official platform."),
    "platform_result_missing": _l(
        "Enter the result of the official platform first; the count rests on it."
    ),
    "platform_unconfirmed": _l(
        "The result of the official platform waits for the second person. Confirm it first."
    ),
    "platform_confirmed_already": _l("The result has been confirmed already."),
    "platform_figure_negative": _l("A figure cannot be below zero."),
    "platform_persons_without_area": _l(
        "Persons and area belong together: both, or neither of them."
    ),
    "platform_exceeds_roll": _l(
        "The roll has no room for these totals: %(persons)s owners are left for them. Check the "
        "figures."
    ),
    "platform_list_faulty": _l("The list cannot be taken as it is. Nothing was recorded."),
    "platform_list_empty": _l("Choose the file with the list of ballots."),
    "platform_papers_unsaid": _l("Say whether the paper ballots are in the totals."),
    "platform_date_before_vote": _l("The document is older than the vote. Check the date."),
    # counting
    "count_before_close": _l("Voting is still open; it is counted when it has closed."),
    "papers_unconfirmed": _l(
        "Paper ballots waiting for the second person: %(number)s. Confirm them before the count."
    ),
    "papers_not_entered": _l(
        "Paper ballots in hand that are not entered yet: %(number)s (numbers %(serials)s). Enter "
        "and confirm them before the count."
    ),
    "box_to_be_closed": _l(
        "First close the box of paper ballots: two members write down the numbers in hand, until "
        "%(until)s."
    ),
    "result_sealed": _l("The result is sealed until the vote has closed and is counted."),
    "signed_file_not_yours": _l(
        "The signed list may be read by the owners who decide on this motion, and the committee."
    ),
    "result_sheet_not_yours": _l(
        "The result sheet has exact areas. It is for the owners who decide on this motion, and the "
        "committee."
    ),
    # paper
    "paper_void": _l("Paper ballot number %(number)s is void."),
    "paper_done": _l("Nothing is to be done with this paper by you: %(state)s."),
    "paper_unknown": _l("There is no paper ballot with this number."),
    "void_reason_missing": _l("Say why the paper is void."),
    "box_hours_wrong": _l("Give %(least)s to %(most)s hours."),
    "box_before_close": _l("Voting is still open; the box is closed when it has closed."),
    "box_listed_already": _l("The list of the paper ballots in hand is made already."),
    "box_hours_over": _l(
        "The list could be made until %(until)s. Only paper ballots entered before the close count."
    ),
    "no_papers_printed": _l("No paper ballot was printed, so there is no box to close."),
    "serials_missing": _l("Type the numbers in hand, or say that the box is empty."),
    "box_not_empty": _l("Numbers are typed, so the box is not empty. Take one of the two away."),
    "serials_too_long": _l("That is more than %(most)s characters."),
    "serial_unreadable": _l("“%(text)s” cannot be read. Type numbers like 1-8, 11, 14."),
    "serial_backwards": _l("“%(text)s” runs backwards. Type the smaller number first."),
    "serial_unknown": _l("No paper ballot has the number %(serial)s."),
    "serial_void": _l("Paper ballot number %(serial)s is void and cannot be on the list."),
    "serial_twice": _l("Number %(serial)s is typed twice."),
    "paper_late": _l(
        "Paper ballot number %(number)s was not in hand at the close. It is late: record it as "
        "such; it does not count."
    ),
    "paper_in_time": _l("Paper ballot number %(number)s came in time and counts."),
    "paper_late_already": _l("Paper ballot number %(number)s is recorded as late already."),
    "handed_in_too_early": _l("It cannot have been handed in before the vote was announced."),
    "handed_in_after_close": _l(
        "The day is after the close of voting. A paper ballot handed in then is late."
    ),
    "handed_in_later": _l("This day has not come yet."),
    "paper_already_entered": _l("A paper ballot of this owner has been entered already."),
    "paper_not_entered": _l("This paper has not been entered yet."),
    "paper_confirmed_already": _l("This paper has been confirmed already."),
    "signer_missing": _l("Choose who signed the paper."),
}
