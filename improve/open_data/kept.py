"""Which tables an archive of a council holds, which it does not, and why. Pure.

Nothing gets into an archive by itself: a table that is named here nowhere is refused, and a test
fails for it. So whoever adds a table decides, in the same change, whether it leaves the house.
"""

from __future__ import annotations

from typing import Final

#: The council’s own: in every archive.
ARCHIVED: Final = frozenset(
    {
        "organisations",
        "services",
        "teams",
        "people",
        "memberships",
        "covers",
        "busy_periods",
        "mail_choices",
        "notices",
        "hidden_texts",
        "measures",
        "observations",
        "observation_changes",
        "measure_changes",
        "baselines",
        "middle_lines",
        "test_windows",
        "tallies",
        "tally_taps",
        "tally_weeks",
        "dip_samples",
        "dip_answers",
        "aims",
        "drivers",
        "log_imports",
        "ideas",
        "idea_members",
        "idea_measures",
        "idea_followers",
        "idea_guests",
        "idea_edits",
        "idea_joins",
        "cycles",
        "stage_moves",
        "comments",
        "thanks",
        "coach_requests",
        "prompts_put_away",
        "reminders_sent",
        "saved_views",
        "huddle_plans",
        "huddles",
        "huddle_part_times",
        "huddle_people",
        "huddle_items",
        "huddle_decisions",
        "huddle_actions",
        "huddle_hard_things",
        "huddle_thanks",
        "protected_hours",
        "learning_pages",
        "trusted_councils",
        "borrowed_pages",
        "spreads",
        "sustain_checks",
        "cycle_reads",
        "leader_answers",
        "saved_reviews",
        "month_letters",
        "voice_setups",
        "voice_readers",
        "voice_covers",
        "voice_wordings",
        "voice_languages",
        "voice_codes",
        "voice_surveys",
        "voices",
        "voice_themes",
        "voice_steps",
        "voice_answers",
        "voice_replies",
        "voice_measures",
        "voice_months",
        "incident_setups",
        "incident_reviewers",
        "incident_covers",
        "incident_wordings",
        "incident_groups",
        "incident_group_teams",
        "incident_notes",
        "incident_disclosures",
        "group_roles",
        "erasures",
        "audit_entries",
    }
)

#: What one person keeps for themselves: an administrator may not read it, so an archive made in
#: the browser is without it. Whoever holds the server asks for it by name (``--with-private``).
PRIVATE: Final = frozenset({"cpd_records", "cpd_pieces", "supervision_pages"})

#: Never in an archive, and why.
LEFT_OUT: Final = {
    "auth_sessions": "Signed-in devices: the keys of doors that another installation does not have",
    "second_factors": "What makes the digits of an authenticator app: a key of one installation",
    "command_runs": "When the timed commands of one installation last ran",
    "flow_months": "Sums of what ideas went through: each installation works them out anew",
    "recovery_codes": "Codes on paper for a lost phone: keys of one installation",
    "identities": "Who people are to the council’s own sign-in: keys of one installation",
    "one_time_links": "Invitations and new passwords on their way: they open an account",
    "capture_passes": "Phones that may log ideas: the keys of one installation",
    "wall_devices": "Screens in a room: the keys of one installation. Start each one anew",
    "calendar_feeds": "Secret addresses of calendars: the keys of one installation",
    "attempt_counters": "Wrong tries to sign in: of no council, and over within a day",
    "outbox_messages": "Mails on their way, with addresses and links: they leave where they began",
    "import_drafts": "Tables between preview and decision: gone after a day",
    "learning_imports": "Pages from elsewhere between preview and decision: gone after a day",
    "kept_words": "Words put aside after two changed the same thing: gone after a day",
    "voice_drafts": "Answers to the form before they are sent: gone after a day",
    "voice_survey_codes": "Printed codes of surveys: keys of the form of one installation",
    "help_requests": "Who wants help: for the duty team alone, and gone once it is picked up",
    "incident_drafts": "Answers to the form of reports before they are sent: gone after a day",
    "incidents": "Confidential reports: sealed for two reviewers, and destroyed in time",
    "incident_contacts": "How somebody who reported may be called back: for one reviewer alone",
    "incident_messages": "What reviewers and reporters wrote: destroyed with the report",
    "incident_readings": "Who reads which report, and how they coded it: destroyed with it",
    "incident_steps": "Who opened which report, and when: shown to its reviewers alone",
    "incident_answers": "Answers to those who reported: read by the words of a receipt alone",
    "incident_alerts": "Hazards told to the owner of a system: words of reviewers alone",
    "incident_proposals": "Ideas that wait to be proposed by the learning team",
    "incident_months": "How many reports came in a month: read by those who may see patterns alone",
    "incident_learnings": (
        "What was learned, with the report’s week and the idea it led to: that must not be put "
        "together elsewhere. What all staff may read stands in the monthly notes"
    ),
    "audit_heads": "The end of the log: worked out anew when the log is brought in",
}

#: Columns of archived tables that leave empty, and why.
EMPTIED: Final = {
    ("people", "password_hash"): "Passwords stay where they were. Everybody chooses a new one",
    ("voices", "sealed"): "What children and families wrote: for its readers, and for a time only",
    ("voices", "words_hash"): "Knows one text that is sent often, as long as the text is kept",
    ("voice_replies", "sealed"): "What they wrote later: for its readers, and for a time only",
    ("incident_setups", "reviewers_told_at"): "A clock of one installation",
    ("log_imports", "rows"): "The rows of a list before they became ideas: gone after a week",
}
#: The same, but only where the private part stays behind.
EMPTIED_UNLESS_PRIVATE: Final = {
    ("hidden_texts", "kept"): (
        "Words that may identify somebody, until a coach or the data protection lead has read "
        "them. Without them the text counts as taken out"
    ),
    ("voice_steps", "words"): "What was agreed with whom about a danger: for readers of voices",
}
#: Private as long as one of these columns of the row is empty or “no”, and why.
PRIVATE_UNTIL: Final = {
    ("voices", "shareable"): (
        ("shared_at",),
        "Words that a reader has not settled yet, or that were hidden: for readers of voices",
    ),
    ("voices", "changes"): (
        ("shared_at",),
        "What was changed in words that are not settled, or were hidden: for readers of voices",
    ),
    ("incident_notes", "heard"): (
        ("published_at",),
        "A monthly note about reports that is not published: for its reviewers",
    ),
    ("incident_notes", "trying"): (
        ("published_at",),
        "A monthly note about reports that is not published: for its reviewers",
    ),
    # Where words are hidden, what quotes them stands for nobody any more (``voices``: withdraw).
    ("voice_answers", "said"): (
        ("given_on", "is_public"),
        "“You said” of drafts, and of answers that are not for everybody: it may hold such words",
    ),
}


def tables_of(*, with_private: bool) -> frozenset[str]:
    """Return the names of the tables that such an archive holds."""
    return ARCHIVED | PRIVATE if with_private else ARCHIVED


def is_emptied(table: str, column: str, *, with_private: bool) -> bool:
    """Return whether this column leaves empty: null, else no words or an empty list."""
    place = (table, column)
    return place in EMPTIED or (not with_private and place in EMPTIED_UNLESS_PRIVATE)


def settled_by(table: str, column: str, *, with_private: bool) -> tuple[str, ...]:
    """Return the columns of the row without each of which this one leaves empty."""
    held = None if with_private else PRIVATE_UNTIL.get((table, column))
    return held[0] if held else ()
