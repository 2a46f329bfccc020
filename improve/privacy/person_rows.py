"""What every link from a row to a person means: for a copy of their data, and for erasing. Pure.

Each column that points to ``people`` is named here once, and a test fails for one that is not. So
whoever adds such a column decides what becomes of it when somebody asks to be forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class AtErasure(StrEnum):
    """What becomes of a row when its person is erased."""

    #: The row is deleted.
    GOES = "goes"
    #: The row stays, and points to nobody.
    EMPTIED = "emptied"
    #: The row stays, and points to “a former colleague”.
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class Link:
    """One column that points to a person. ``left_out``: why their copy is without such rows."""

    words: str
    at_erasure: AtErasure = AtErasure.STAYS
    left_out: str = ""


_KEYS: Final = "Keys of doors: only their number and dates would say anything"
_REPORTS: Final = "Confidential reports are sealed, and read by their reviewers alone"
_TOLD: Final = "What children and families told is read by its readers alone"
_GOES, _EMPTIED = AtErasure.GOES, AtErasure.EMPTIED

LINKS: Final[Mapping[tuple[str, str], Link]] = {
    # what is theirs alone
    ("memberships", "person_id"): Link("Roles and teams", _GOES),
    ("auth_sessions", "person_id"): Link("Devices signed in", _GOES),
    ("auth_sessions", "visits_as_id"): Link("Visits to an example", _EMPTIED, _KEYS),
    ("capture_passes", "person_id"): Link("Phones with a pass", _GOES),
    ("calendar_feeds", "person_id"): Link("Addresses of their calendar", _GOES),
    ("one_time_links", "person_id"): Link("Invitations and password links", _GOES),
    ("one_time_links", "made_by_id"): Link("Links they made for somebody", _EMPTIED, _KEYS),
    ("second_factors", "person_id"): Link("Their authenticator app", _GOES),
    ("recovery_codes", "person_id"): Link("Codes on paper", _GOES, _KEYS),
    ("identities", "person_id"): Link("Who they are to the council’s sign-in", _GOES),
    ("mail_choices", "person_id"): Link("How often they want mail", _GOES),
    ("notices", "person_id"): Link("News on their page", _GOES),
    ("saved_views", "person_id"): Link("Views of a board they kept", _GOES),
    ("saved_reviews", "person_id"): Link("Views of finished work they kept", _GOES),
    ("idea_followers", "person_id"): Link("Ideas they follow", _GOES),
    ("idea_guests", "person_id"): Link("Ideas they were invited to", _GOES),
    ("prompts_put_away", "person_id"): Link("Prompts they put away", _GOES),
    ("kept_words", "person_id"): Link("Words put aside", _GOES),
    ("import_drafts", "person_id"): Link("Tables being looked through", _GOES),
    ("learning_imports", "by_id"): Link("Pages from elsewhere being looked through", _GOES),
    ("cpd_records", "person_id"): Link("Their own record of learning", _GOES),
    ("supervision_pages", "person_id"): Link("Their pages for supervision", _GOES),
    ("supervision_pages", "shared_with_id"): Link(
        "Pages for supervision shared with them", _EMPTIED, "They are somebody else’s own"
    ),
    ("idea_members", "person_id"): Link("Ideas they took part in", _GOES),
    ("voice_readers", "person_id"): Link("Their training as a reader", _GOES),
    ("voice_covers", "person_id"): Link("Days they read voices", _GOES),
    ("incident_reviewers", "person_id"): Link("Their training as a reviewer", _GOES),
    ("incident_covers", "person_id"): Link("Days they review reports", _GOES),
    # what they lead: nobody leads it then
    ("ideas", "lead_id"): Link("Ideas they lead", _EMPTIED),
    ("measures", "owner_id"): Link("Measures they look after", _EMPTIED),
    # the council's work, with their part in it
    ("ideas", "author_id"): Link("Ideas they logged"),
    ("ideas", "first_reply_by_id"): Link("First replies they gave"),
    ("ideas", "blocked_by_id"): Link("Ideas they marked as blocked"),
    ("ideas", "pinned_by_id"): Link("Ideas they pinned"),
    ("cycles", "decided_by_id"): Link("Decisions they made"),
    ("stage_moves", "by_id"): Link("Moves they made"),
    ("stage_moves", "undone_by_id"): Link("Moves they undid"),
    ("comments", "author_id"): Link("Comments they wrote"),
    ("comments", "removed_by_id"): Link("Comments they took away"),
    ("thanks", "from_id"): Link("Thanks they gave"),
    ("thanks", "to_id"): Link("Thanks they were given"),
    ("idea_edits", "by_id"): Link("Changes they made to texts"),
    ("idea_joins", "by_id"): Link("Ideas they joined"),
    ("idea_joins", "split_by_id"): Link("Ideas they took apart again"),
    ("idea_guests", "invited_by_id"): Link("Guests they invited"),
    ("coach_requests", "by_id"): Link("What they asked a coach"),
    ("coach_requests", "answered_by_id"): Link("What they answered as a coach"),
    ("log_imports", "by_id"): Link("Lists of ideas they brought in"),
    ("aims", "created_by_id"): Link("Aims they wrote"),
    ("cycle_reads", "person_id"): Link("Finished cycles they ticked as read"),
    ("leader_answers", "answered_by_id"): Link("What they answered as a leader"),
    ("leader_answers", "outcome_by_id"): Link("What they wrote came of it"),
    ("learning_pages", "written_by_id"): Link("Learning pages they wrote"),
    ("learning_pages", "public_by_id"): Link("Learning pages they published"),
    ("borrowed_pages", "brought_in_by_id"): Link("Pages of other councils they brought in"),
    ("trusted_councils", "added_by_id"): Link("Councils they trusted"),
    ("spreads", "by_id"): Link("What they told of an idea elsewhere"),
    ("sustain_checks", "answered_by_id"): Link("Looks back after half a year"),
    ("baselines", "set_by_id"): Link("Baselines they set"),
    ("baselines", "removed_by_id"): Link("Baselines they took away"),
    ("middle_lines", "drawn_by_id"): Link("Middle lines they drew"),
    ("middle_lines", "removed_by_id"): Link("Middle lines they took away"),
    ("measure_changes", "changed_by_id"): Link("Changes they made to measures"),
    ("observations", "entered_by_id"): Link("Numbers they entered"),
    ("observation_changes", "changed_by_id"): Link("Numbers they changed"),
    ("tallies", "created_by_id"): Link("Tallies they made"),
    ("dip_samples", "created_by_id"): Link("Dip samples they made"),
    ("dip_samples", "first_reader_id"): Link("Dip samples they read first"),
    ("dip_samples", "second_reader_id"): Link("Dip samples they read second"),
    ("huddles", "started_by_id"): Link("Huddles they started"),
    ("huddles", "driver_id"): Link("Huddles they led"),
    ("huddles", "next_driver_id"): Link("Huddles they were to lead next"),
    ("huddles", "finished_by_id"): Link("Huddles they finished"),
    ("huddle_people", "person_id"): Link("Huddles they were at"),
    ("huddle_actions", "owner_id"): Link("Actions they took on"),
    ("huddle_actions", "added_by_id"): Link("Actions they added"),
    ("huddle_actions", "done_by_id"): Link("Actions they marked as done"),
    ("huddle_decisions", "by_id"): Link("Decisions they wrote down"),
    ("huddle_decisions", "removed_by_id"): Link("Decisions they took away"),
    ("protected_hours", "promised_by_id"): Link("Hours they promised a team"),
    ("protected_hours", "kept_by_id"): Link("Hours they said were kept or not"),
    ("busy_periods", "started_by_id"): Link("Busy times they began"),
    ("busy_periods", "ended_by_id"): Link("Busy times they ended"),
    ("busy_periods", "answered_by_id"): Link("Busy times they answered"),
    ("covers", "person_id"): Link("Times somebody stood in for them"),
    ("covers", "deputy_id"): Link("Times they stood in for somebody"),
    ("covers", "made_by_id"): Link("Deputies they named"),
    ("hidden_texts", "author_id"): Link("Texts of theirs that were hidden"),
    ("hidden_texts", "said_by_id"): Link(
        "Texts they said may identify somebody", left_out=("Whoever says so is told to nobody")
    ),
    ("hidden_texts", "settled_by_id"): Link("Hidden texts they settled"),
    # setting up
    ("wall_devices", "made_by_id"): Link("Wall screens they began", left_out=_KEYS),
    ("group_roles", "made_by_id"): Link("Roles by group they set"),
    ("erasures", "erased_by_id"): Link("Erasures they made"),
    # what children and families told
    ("voices", "reader_id"): Link("Voices they read", left_out=_TOLD),
    ("voices", "shared_by_id"): Link("Voices they settled for others", left_out=_TOLD),
    ("voices", "hidden_by_id"): Link("Voices they hid", left_out=_TOLD),
    ("voice_steps", "person_id"): Link("Steps they took with a voice", left_out=_TOLD),
    ("voice_answers", "written_by_id"): Link("Answers they wrote to families", left_out=_TOLD),
    ("voice_answers", "given_by_id"): Link("Answers they gave to families", left_out=_TOLD),
    ("voice_replies", "read_by_id"): Link("Replies of families they read", left_out=_TOLD),
    ("voice_setups", "promised_by_id"): Link("The promise to families they signed"),
    ("voice_setups", "opened_by_id"): Link("The form for families they opened"),
    ("voice_wordings", "changed_by_id"): Link("Words of the form they changed"),
    ("voice_languages", "turned_on_by_id"): Link("Languages they turned on"),
    ("voice_codes", "made_by_id"): Link("Addresses for families they made"),
    ("voice_surveys", "made_by_id"): Link("Surveys they made"),
    # confidential reports: their set-up is told, what was read is not
    ("incident_setups", "promised_by_id"): Link("The promise to reporters they signed"),
    ("incident_setups", "opened_by_id"): Link("The form of reports they opened"),
    ("incident_wordings", "changed_by_id"): Link("Words of that form they changed"),
    ("incident_notes", "written_by_id"): Link("Monthly notes they wrote", left_out=_REPORTS),
    ("incident_disclosures", "entered_by_id"): Link("Disclosures entered", left_out=_REPORTS),
    ("incident_alerts", "sent_by_id"): Link("Hazards they told on", left_out=_REPORTS),
    ("incident_proposals", "given_by_id"): Link("Ideas from reports", left_out=_REPORTS),
    ("incident_readings", "reviewer_id"): Link("Reports they read", left_out=_REPORTS),
    ("incident_steps", "person_id"): Link("Steps they took with a report", left_out=_REPORTS),
    ("incidents", "frozen_by_id"): Link("Reports they froze", left_out=_REPORTS),
    ("incidents", "frozen_also_by_id"): Link("Reports they froze too", left_out=_REPORTS),
    ("incidents", "thawed_by_id"): Link("Reports they let go on", left_out=_REPORTS),
}

#: Rows without a link of their own that go with a row that goes: (table, column, of table).
GO_ALONG: Final = (("cpd_pieces", "record_id", "cpd_records"),)
#: Fields that are there for somebody's name, and nothing else: (table, column) in words. Where one
#: holds the name of a person who is erased, it is taken out with the rest.
NAME_FIELDS: Final[Mapping[tuple[str, str], str]] = {
    ("cycles", "who"): "Who does a test",
    ("cycles", "read_by_outside"): "Who outside the team read a test",
    ("ideas", "blocked_who"): "Who can unblock an idea",
    ("voice_readers", "trained_by"): "Who trained a reader of voices",
    ("voice_languages", "checked_by"): "Who checked a language",
    ("voice_setups", "dpia_by"): "Who signed the impact assessment of voices",
    ("voice_setups", "legal_by"): "Who gave legal advice on voices",
    ("voice_setups", "numbers_tried_by"): "Who tried the numbers on the form for families",
    ("incident_reviewers", "trained_by"): "Who trained a reviewer of reports",
    ("incident_setups", "dpia_by"): "Who signed the impact assessment of reports",
    ("incident_setups", "legal_by"): "Who gave legal advice on reports",
    ("incident_setups", "numbers_tried_by"): "Who tried the numbers on the form of reports",
}
#: What nobody may look at, an administrator as little as the data protection lead: it is in the
#: copy that its owner makes, and in no other.
OWN_ONLY: Final = frozenset({"cpd_records", "supervision_pages"})
#: Columns that are no data about somebody but keys, and stand in no copy.
NOT_COPIED: Final = frozenset(
    {
        *("id", "organisation_id", "version", "form_token", "token_hash", "csrf_token"),
        *("code_hash", "password_hash", "sealed", "query", "rights_version", "message"),
        *("before", "added", "kept"),
    }
)
#: Columns that are about somebody else, whoever the row belongs to.
OF_OTHERS: Final = frozenset(
    {("hidden_texts", name) for name in ("settled_why", "settled_as", "breach", "label")}
)
#: Words that are in the copy of whoever wrote them alone: the column that says who did.
WORDS_OF: Final[Mapping[tuple[str, str], str]] = {("coach_requests", "words"): "by_id"}
#: What stands in place of a name. No-break spaces keep the words together on a board.
FORMER_COLLEAGUE: Final = "A\u00a0former\u00a0colleague"
#: How the address of a person ends who has none any more: no mail reaches it.
NO_ADDRESS: Final = ".invalid"
