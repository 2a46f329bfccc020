"""Every kind of record: what it is, which tables hold it, how long it is kept and why. Pure.

Each table belongs to exactly one kind; a test fails for one that belongs to none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from improve.shared.keeping_times import ACCESS, COMMENTS, EARLIER_WORDS, LEAVERS, NEWS


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record.

    ``code`` is that of ``keeping_times.CHANGEABLE`` where the council chooses the time; else
    ``kept`` says it in words. ``whose``: about whom it is.
    """

    key: str
    title: str
    holds: str
    whose: str
    why: str
    tables: tuple[str, ...]
    code: str = ""
    kept: str = ""


_AS_LONG = "As long as the council uses this software"

KINDS: Final[tuple[Kind, ...]] = (
    Kind(
        "work",
        "Ideas, tests and what came of them",
        "What was suggested, planned, seen and decided, numbers, huddles, aims "
        "and learning pages, with the names of those who took part",
        "Staff",
        "The council’s record of how its services change, and why. A name can be taken out",
        (
            *("ideas", "idea_members", "idea_measures", "idea_joins", "cycles", "stage_moves"),
            "flow_months",
            *("thanks", "coach_requests", "reminders_sent", "measures", "observations"),
            *("observation_changes", "measure_changes", "baselines", "middle_lines"),
            *("test_windows", "tallies", "tally_taps", "tally_weeks", "dip_samples"),
            *("dip_answers", "aims", "drivers", "huddle_plans", "huddles", "huddle_part_times"),
            *("huddle_people", "huddle_items", "huddle_decisions", "huddle_actions"),
            *("huddle_hard_things", "huddle_thanks", "protected_hours", "learning_pages"),
            *("trusted_councils", "borrowed_pages", "spreads", "sustain_checks", "cycle_reads"),
            *("leader_answers", "month_letters", "busy_periods"),
        ),
        kept=_AS_LONG,
    ),
    Kind(
        "comments",
        "Comments on finished ideas",
        "What colleagues wrote below an idea",
        "Staff, and whoever they name",
        "Of use while an idea can still be taken up elsewhere. Counted from the day it finished",
        ("comments",),
        code=COMMENTS,
    ),
    Kind(
        "earlier_words",
        "Earlier versions of texts",
        "What a text said before somebody changed it, and who changed it",
        "Staff, and whoever they name",
        "So that a change can be followed and put right. Counted from the change",
        ("idea_edits",),
        code=EARLIER_WORDS,
    ),
    Kind(
        "people",
        "Accounts of people who work here",
        "Name, e-mail address, job, roles, teams, working days, and what they chose for "
        "themselves. Also their own record of learning, which nobody else reads",
        "Staff and invited guests",
        "To let people in, and to know who may do what",
        (
            *("people", "memberships", "covers", "mail_choices", "saved_views", "saved_reviews"),
            *("idea_followers", "idea_guests", "prompts_put_away", "cpd_records", "cpd_pieces"),
            *("supervision_pages", "voice_readers", "voice_covers", "incident_reviewers"),
            *("incident_covers",),
        ),
        kept="As long as the account is open",
    ),
    Kind(
        "leavers",
        "Details of people who left",
        "The same, once an account is closed. After this time the address, job, choices and own "
        "records go. The name stays on what they did, until it is erased",
        "Former staff and guests",
        "Somebody may come back, or ask for their own record of learning. Counted from closing",
        (),
        code=LEAVERS,
    ),
    Kind(
        "access",
        "Sign-ins, links, passes and screens that ended",
        "Which kind of device, from when to when. No address of a computer",
        "Staff and guests",
        "To look into a sign-in that somebody does not know. Counted from its end; each person’s "
        "newest stays while they have an account, since it says when they were last here",
        (
            *("auth_sessions", "one_time_links", "capture_passes", "wall_devices"),
            *("calendar_feeds",),
        ),
        code=ACCESS,
    ),
    Kind(
        "proofs",
        "Ways to prove who somebody is",
        "The app on a phone that makes codes, sealed; codes on paper, as hashes; and who they are "
        "to the council’s own sign-in",
        "Staff and guests",
        "To let in nobody else under their name",
        ("second_factors", "recovery_codes", "identities"),
        kept="As long as the account is open; then they go with the details of people who left",
    ),
    Kind(
        "tries",
        "Counted tries to sign in",
        "How many wrong passwords or codes came for one account or from one place, under a keyed "
        "hash of it",
        "Whoever tries",
        "So that nobody can guess a password",
        ("attempt_counters",),
        kept="A day after the last wrong one",
    ),
    Kind(
        "news",
        "News on one’s own page",
        "What happened to an idea that somebody has to do with",
        "Staff",
        "So that nothing is missed by somebody who is away",
        ("notices",),
        code=NEWS,
    ),
    Kind(
        "mail",
        "Mails",
        "Address, subject and, until it has left, the text",
        "Staff, guests",
        "To say whether a mail left",
        ("outbox_messages",),
        kept="30 days after it left; the text goes as it leaves",
    ),
    Kind(
        "drafts",
        "What was begun and not finished",
        "Tables that are looked through, words put aside after two changed the same thing, "
        "answers to a form before they are sent",
        "Staff; children, families and reporters for their forms",
        "So that nothing typed is lost",
        (
            *("import_drafts", "learning_imports", "log_imports", "kept_words"),
            *("voice_drafts", "incident_drafts"),
        ),
        kept="A day; the list of an improvement log a week",
    ),
    Kind(
        "hidden",
        "Words that may identify somebody",
        "The words, out of everybody’s sight, until a coach or the data protection lead has read "
        "them. Afterwards only that it was so, and how it was settled",
        "Children, families, staff who are named",
        "To put it right without losing the text it stands in",
        ("hidden_texts",),
        kept="The words until they are settled",
    ),
    Kind(
        "voices",
        "What children, young people and families told",
        "What they wrote, sealed; what of it others may read, once a reader has settled it; the "
        "answer",
        "Children, young people, parents and carers. No name, no address, no account",
        "To hear them and answer. The sealed words go early, because a child wrote them",
        (
            *("voices", "voice_replies", "voice_steps", "voice_answers", "voice_themes"),
            *("voice_measures", "voice_months", "voice_surveys", "voice_survey_codes"),
        ),
        kept="The words {voice_days} days at most, as the form for families says. What was settled "
        "for others and the answer: as long as they are of use to those who told",
    ),
    Kind(
        "help",
        "Who wants help",
        "What to call a child, and when it is safe to reach them",
        "Children and young people",
        "For the duty team alone",
        ("help_requests",),
        kept="Until it is picked up",
    ),
    Kind(
        "reports",
        "Confidential reports",
        "What staff reported, each sealed under its own key, and how reviewers read it",
        "Staff who reported, and whoever they name",
        "To learn from error without fear: once signed off, the report and its key are destroyed",
        (
            *("incidents", "incident_contacts", "incident_messages", "incident_readings"),
            *("incident_steps", "incident_answers", "incident_alerts", "incident_proposals"),
        ),
        kept="Until signed off; {report_days} days after it came at most, unless a lawful order "
        "holds it",
    ),
    Kind(
        "learned",
        "What was learned from reports",
        "Words written anew that point to nobody, and monthly notes",
        "Nobody",
        "To make the same error less likely",
        ("incident_learnings", "incident_notes", "incident_disclosures", "incident_months"),
        kept=_AS_LONG,
    ),
    Kind(
        "settings",
        "How this is set up",
        "Council, services, teams, forms, wordings, what groups of the council’s directory give, "
        "when timed work last ran",
        "Nobody, but for the names of who set it up",
        "Nothing works without it",
        (
            *("organisations", "services", "teams", "group_roles", "voice_setups"),
            *("voice_wordings", "voice_languages", "voice_codes", "incident_setups"),
            *("incident_wordings", "incident_groups", "incident_group_teams", "command_runs"),
        ),
        kept=_AS_LONG,
    ),
    Kind(
        "audit",
        "The log of acts",
        "When, who, which act, on which thing, by numbers. Never words that somebody wrote",
        "Staff",
        "Entries are chained, so that a changed or missing one shows: nobody can take one out. "
        "After an erasure the number in it leads to no name",
        ("audit_entries", "audit_heads"),
        kept=_AS_LONG,
    ),
    Kind(
        "erasures",
        "What was erased",
        "That it was, by numbers and days. No words",
        "Nobody that can still be named",
        "So that it stays erased when an older backup is brought back",
        ("erasures",),
        kept=_AS_LONG,
    ),
)

#: The kind of record that each table holds.
KIND_OF_TABLE: Final[Mapping[str, Kind]] = {table: kind for kind in KINDS for table in kind.tables}
