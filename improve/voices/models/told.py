"""What children, young people and families tell, who reads it, what it led to, and the answer.

Rows that somebody outside makes have random keys, so that their order gives nothing away, and the
day they came, never the time. No row of them names a person, an address, a session or a device.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from improve.shared import limits
from improve.shared.db import JSON_TYPE, Base, UTCDateTime

#: Characters of a random key: 128 bits as ``secrets.token_urlsafe(16)`` writes them.
KEY = 22


class VoiceSetup(Base):
    """How one council listens: what must stand before the form opens, and its own choices.

    ``opened_at`` is None until an administrator opened the form, which takes all of the rest.
    """

    __tablename__ = "voice_setups"
    __table_args__ = (CheckConstraint("keep_days BETWEEN 1 AND 365", name="keep_days"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    #: Who signed the data protection impact assessment and the legal check, and when.
    dpia_by: Mapped[str] = mapped_column(String(limits.length("person_name")), default="")
    dpia_on: Mapped[date | None]
    legal_by: Mapped[str] = mapped_column(String(limits.length("person_name")), default="")
    legal_on: Mapped[date | None]
    #: Who rang the numbers of the form and was answered, and when.
    numbers_tried_by: Mapped[str] = mapped_column(String(limits.length("person_name")), default="")
    numbers_tried_on: Mapped[date | None]
    #: The numbers as they were rung, “day” and “night”: others hold now, and ringing is due again.
    numbers_tried: Mapped[dict[str, str]] = mapped_column(JSON_TYPE, default=dict)
    #: The director's promise, signed by a leader with their own account.
    promise: Mapped[str] = mapped_column(Text, default="")
    promised_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    promised_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    #: Where a wish for help goes: the mail of the staffed duty team; empty: nowhere.
    duty_inbox: Mapped[str] = mapped_column(String(limits.length("email")), default="")
    #: When somebody sits there: {"0": ["09:00", "17:00"], …} by weekday, Monday is 0.
    duty_hours: Mapped[dict[str, list[str]]] = mapped_column(JSON_TYPE, default=dict)
    #: How to complain and who speaks up for a child, in words with addresses and numbers.
    complaints: Mapped[str] = mapped_column(Text, default="")
    advocates: Mapped[str] = mapped_column(Text, default="")
    #: Where “Leave this page” goes; empty: the house's choice.
    leave_url: Mapped[str] = mapped_column(String(200), default="")
    #: After how many days what was written is deleted; what others may read stays.
    keep_days: Mapped[int] = mapped_column(default=90)
    #: Whom a wording and its scale were tried with, and when; empty: not yet.
    tried_with: Mapped[str] = mapped_column(Text, default="")
    #: The hour in which readers were last told of possible danger, always a whole one.
    readers_told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)


class VoiceReader(Base):
    """A reader's training, entered by an administrator; reading also takes the role."""

    __tablename__ = "voice_readers"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    trained_on: Mapped[date]
    trained_by: Mapped[str] = mapped_column(String(limits.length("person_name")))


class VoiceCover(Base):
    """From when to when a reader reads. A working day without any has nobody."""

    __tablename__ = "voice_covers"
    __table_args__ = (
        CheckConstraint("from_on <= to_on", name="from_before_to"),
        Index("ix_voice_covers_days", "organisation_id", "to_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    from_on: Mapped[date]
    to_on: Mapped[date]


class VoiceWording(Base):
    """A text of the form as a council says it, one row a version; the newest is shown."""

    __tablename__ = "voice_wordings"
    __table_args__ = (UniqueConstraint("organisation_id", "language", "name", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    language: Mapped[str] = mapped_column(String(10))
    #: Which text, such as “older.title”, see ``voices.wording``.
    name: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    #: Empty: the house's own words again.
    words: Mapped[str] = mapped_column(Text)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class VoiceLanguage(Base):
    """A language that somebody checked here. Off until then; ended rows stay as history."""

    __tablename__ = "voice_languages"
    __table_args__ = (Index("ix_voice_languages_organisation", "organisation_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    language: Mapped[str] = mapped_column(String(10))
    checked_by: Mapped[str] = mapped_column(String(limits.length("person_name")))
    checked_on: Mapped[date]
    turned_on_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    turned_on_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class VoiceCode(Base):
    """An address of the form, ``/say/<code>``, for a team or a kind of visit."""

    __tablename__ = "voice_codes"
    __table_args__ = (Index("ix_voice_codes_organisation", "organisation_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    code: Mapped[str] = mapped_column(String(limits.length("slug")), unique=True)
    #: What it is for, as readers see it: “After a first visit”.
    label: Mapped[str] = mapped_column(String(limits.length("voice_label")))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    #: After this day the address leads to the council's general form.
    ends_on: Mapped[date | None]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class VoiceDraft(Base):
    """Answers so far, sealed, by the hash of the form's token. Gone on sending or after a day."""

    __tablename__ = "voice_drafts"
    __table_args__ = (
        Index("ix_voice_drafts_day", "began_on", "organisation_id"),
        {"sqlite_with_rowid": False},
    )

    token_hash: Mapped[str] = mapped_column(String(80), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    began_on: Mapped[date]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Voice(Base):
    """What somebody told. What they wrote is sealed and goes; what others may read stays.

    ``scale`` is how many faces they chose from (3 for the younger), ``rating`` which, from 1, the
    best; None: rather not say. ``by_helper``: somebody else typed it, so it counts in no measure.
    ``may_show``: yes, no, unknown (read as no). ``state``: of ``voices.kinds.State``.
    """

    __tablename__ = "voices"
    __table_args__ = (
        Index("ix_voices_desk", "organisation_id", "state", "may_be_danger", "came_on", "key"),
        Index("ix_voices_came", "organisation_id", "came_on", "key"),
        Index("ix_voices_words", "organisation_id", "words_hash"),
        Index("ix_voices_idea", "idea_id"),
        Index("ix_voices_team", "team_id", "came_on"),
        CheckConstraint("scale IN (3, 5)", name="scale"),
        CheckConstraint("rating BETWEEN 1 AND scale", name="rating"),
        CheckConstraint("may_show IN ('yes', 'no', 'unknown')", name="may_show"),
        {"sqlite_with_rowid": False},
    )

    key: Mapped[str] = mapped_column(String(KEY), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    came_on: Mapped[date]
    code_id: Mapped[int | None] = mapped_column(ForeignKey("voice_codes.id"))
    survey_id: Mapped[int | None] = mapped_column(ForeignKey("voice_surveys.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    #: Plain kinds of ``voices.kinds``: who, age band, which wording, language, way in, what about.
    speaker_kind: Mapped[str] = mapped_column(String(20))
    age_band: Mapped[str] = mapped_column(String(10), default="")
    wording: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(10), default="en")
    way_in: Mapped[str] = mapped_column(String(10))
    by_helper: Mapped[bool] = mapped_column(default=False)
    topic: Mapped[str] = mapped_column(String(30), default="")
    scale: Mapped[int]
    rating: Mapped[int | None]
    may_show: Mapped[str] = mapped_column(String(10), default="unknown")
    #: {"happened": …, "better": …, "english": …}, sealed; None once it is deleted.
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: Keyed hash of what they wrote, to set a flood of one text aside; empty: nothing is kept.
    words_hash: Mapped[str] = mapped_column(String(80), default="")
    #: The words to come back with, kept as a hash under the sealing key.
    receipt_hash: Mapped[str] = mapped_column(String(80), unique=True)
    #: Kinds of hint found as it came (“a phone number”), never the words; raised, never lowered.
    hints: Mapped[list[str]] = mapped_column(JSON_TYPE, default=list)
    may_be_danger: Mapped[bool] = mapped_column(default=False)
    #: Readers were told of it apart, as of one that may speak of danger.
    is_told: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    #: The readers' answers, None until given: danger, about a member of staff, a complaint.
    is_danger: Mapped[bool | None]
    is_about_staff: Mapped[bool | None]
    is_complaint: Mapped[bool | None]
    #: Locked away: only the route it was sent by has it; never published, shared or counted.
    locked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_on: Mapped[date | None]
    reader_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    #: What others may read, and each change from what they wrote: {"n", "kind", "to", "rule"}.
    shareable: Mapped[str] = mapped_column(Text, default="")
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON_TYPE, default=list)
    shared_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    shared_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    #: “This may identify someone”: seen by readers only until they looked again.
    hidden_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("voice_themes.id"))
    is_theme_only: Mapped[bool] = mapped_column(default=False)
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("ideas.id"))
    #: Teams that were given the shareable words to read.
    given_to_team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    answered_on: Mapped[date | None]
    #: What the person said of the answer: yes, partly, no; only by receipt.
    put_right: Mapped[str] = mapped_column(String(10), default="")
    version: Mapped[int] = mapped_column(default=1)


class VoiceTheme(Base):
    """What voices are about, in a council's own short words."""

    __tablename__ = "voice_themes"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(limits.length("voice_label")))


class VoiceStep(Base):
    """What a reader did with a voice, of ``voices.kinds.StepKind``, and when."""

    __tablename__ = "voice_steps"
    __table_args__ = (
        Index("ix_voice_steps_voice", "voice_key", "id"),
        Index("ix_voice_steps_kind", "organisation_id", "kind", "voice_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    voice_key: Mapped[str] = mapped_column(ForeignKey("voices.key", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    #: Who was rung and what was agreed; never what the voice says.
    words: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class VoiceAnswer(Base):
    """An answer: to the person by their receipt, and for everybody where ``is_public``.

    The newest given one of a voice is the one on “What changed because of you”. A draft
    (``given_on`` None) comes from a manager, a coach, or the ending of an idea.
    """

    __tablename__ = "voice_answers"
    __table_args__ = (
        Index("ix_voice_answers_voice", "voice_key", "id"),
        Index("ix_voice_answers_public", "organisation_id", "is_public", "given_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    voice_key: Mapped[str] = mapped_column(ForeignKey("voices.key", ondelete="CASCADE"))
    #: To the person, in words they would use.
    words: Mapped[str] = mapped_column(Text)
    #: The same in the language they wrote in, which one, and who put it into that; “” for English.
    own_words: Mapped[str] = mapped_column(Text, default="")
    own_language: Mapped[str] = mapped_column(String(10), default="")
    own_by: Mapped[str] = mapped_column(String(limits.length("person_name")), default="")
    #: For everybody: you said, we tried, what happened.
    said: Mapped[str] = mapped_column(Text, default="")
    tried: Mapped[str] = mapped_column(Text, default="")
    happened: Mapped[str] = mapped_column(Text, default="")
    #: kept, changed, stopped, trying, listening: of ``voices.kinds.Ending``.
    ending: Mapped[str] = mapped_column(String(20), default="listening")
    is_public: Mapped[bool] = mapped_column(default=False)
    #: Of a draft that the ending of an idea made: which idea, until somebody changed it.
    drafted_for_id: Mapped[int | None] = mapped_column(ForeignKey("ideas.id"), index=True)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    given_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)


class VoiceReply(Base):
    """“Did we get it right?”, answered by receipt. Its words are sealed and go like the first."""

    __tablename__ = "voice_replies"
    __table_args__ = (
        Index("ix_voice_replies_voice", "voice_key"),
        CheckConstraint("said IN ('yes', 'partly', 'no')", name="said"),
        {"sqlite_with_rowid": False},
    )

    key: Mapped[str] = mapped_column(String(KEY), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    voice_key: Mapped[str] = mapped_column(ForeignKey("voices.key", ondelete="CASCADE"))
    answer_id: Mapped[int] = mapped_column(ForeignKey("voice_answers.id", ondelete="CASCADE"))
    came_on: Mapped[date]
    said: Mapped[str] = mapped_column(String(10))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    may_be_danger: Mapped[bool] = mapped_column(default=False)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class HelpRequest(Base):
    """Somebody wants help and says who they are: for the duty team alone, gone once picked up.

    Never beside a voice: nothing leads from one to the other.
    """

    __tablename__ = "help_requests"
    __table_args__ = (
        Index("ix_help_requests_open", "organisation_id", "picked_up_at"),
        {"sqlite_with_rowid": False},
    )

    key: Mapped[str] = mapped_column(String(KEY), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    came_on: Mapped[date]
    #: When the duty team was last told; the words carry their own moment.
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Of the link in the mail to the duty team.
    token_hash: Mapped[str] = mapped_column(String(80), unique=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    picked_up_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Who of the duty team has it, as they typed it.
    picked_up_by: Mapped[str] = mapped_column(String(limits.length("person_name")), default="")
