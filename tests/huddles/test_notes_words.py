"""What the notes of a huddle say, on their page and in a plain mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from improve.huddles.notes_words import (
    NotedAction,
    NotedDecision,
    NotedIdea,
    NotedThanks,
    Notes,
    Posted,
    as_sentence,
    mail_text,
    subject,
)

STARTED = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
ENDED = STARTED + timedelta(minutes=14)
ADDRESS = "https://improve.example/teams/north/huddles/7/notes"

NOTES = Notes(
    huddle_id=7,
    team_id=1,
    team_slug="north",
    team_name="Assessment North",
    started_at=STARTED,
    minutes=14,
    planned_minutes=15,
    driver_id=3,
    driver="Helena",
    here=("Helena", "Kofi"),
    others_here=5,
    decisions=(
        NotedDecision(
            NotedIdea(1, "Text families a photo", "do", 2),
            ("Go on two more weeks", "Study on Tue 8 Dec."),
        ),
        NotedDecision(None, ("The court bag lives by the door.",)),
    ),
    actions=(NotedAction(1, "Ask one family", "Kofi", date(2026, 11, 27)),),
    thanks=(NotedThanks("Kofi, you rang the boy’s gran.", "Saoirse", "Kofi"),),
    good_news="Two said yes",
    help_needed="",
    next_at=datetime(2026, 12, 1, 9, 30, tzinfo=UTC),
    next_has_time=True,
    next_driver="Marek",
    next_minutes=15,
    finished_at=ENDED,
    first_finished_at=ENDED,
    mailed_at=ENDED,
    mailed_to=9,
    version=4,
)


def test_the_mail_holds_what_was_said_and_no_more() -> None:
    assert mail_text(NOTES, address=ADDRESS) == (
        "Assessment North: huddle on Tue 24 Nov\n"
        "14 minutes. 7 were here. Helena drove.\n"
        "\n"
        "What we decided\n"
        "---------------\n"
        "- Text families a photo\n"
        "  Go on two more weeks. Study on Tue 8 Dec.\n"
        "- The court bag lives by the door.\n"
        "\n"
        "Who does what\n"
        "-------------\n"
        "- Kofi, by Fri 27 Nov: Ask one family.\n"
        "\n"
        "Thank you\n"
        "---------\n"
        "“Kofi, you rang the boy’s gran.”\n"
        "Saoirse to Kofi\n"
        "\n"
        "Good news\n"
        "---------\n"
        "Two said yes\n"
        "\n"
        "Next huddle\n"
        "-----------\n"
        "Tue 1 Dec, 09:30. Marek drives. 15 minutes.\n"
        "\n"
        f"The notes on a page, to print:\n{ADDRESS}\n"
    )


def test_a_huddle_without_a_word_still_makes_a_mail() -> None:
    empty = replace(
        NOTES,
        decisions=(),
        actions=(),
        thanks=(),
        good_news="",
        next_at=None,
        here=(),
        others_here=0,
    )
    assert empty.is_empty
    text = mail_text(empty, address=ADDRESS)
    assert text.startswith("Assessment North: huddle on Tue 24 Nov\n14 minutes. Helena drove.\n")
    assert "decided" not in text


def test_a_subject_holds_nothing_that_anybody_wrote() -> None:
    assert subject(NOTES) == "Notes of the huddle, Tue 24 Nov"
    wild = replace(NOTES, team_name="Evil\r\nBcc: all@council.example")
    assert "\n" not in subject(wild)


def test_lines_of_a_text_stay_under_their_mark() -> None:
    notes = replace(NOTES, decisions=(NotedDecision(None, ("One\n- not a new one",)),))
    assert "- One\n  - not a new one." in mail_text(notes, address=ADDRESS)


def test_mail_words_are_honest() -> None:
    def said(**posted: object) -> str:
        return replace(NOTES, posted=Posted(**posted)).mail_words.replace("\u00a0", " ")  # type: ignore[arg-type]

    sent_at = datetime(2026, 11, 24, 9, 45, tzinfo=UTC)
    assert said(waiting=9) == "9 mails wait to leave"
    assert said(waiting=1, sent=8, last_sent_at=sent_at) == (
        "8 of 9 mails have left, 1 mail waits to leave"
    )
    assert said(sent=9, last_sent_at=sent_at) == "Mailed to 9 people at 09:45"
    assert said(given_up=9) == "The mails could not be delivered. The notes stay here"
    # The outbox forgets after a month; the huddle does not.
    assert said() == "Mailed to 9 people on Tue 24 Nov"
    assert replace(NOTES, mailed_to=0).mail_words == "Nobody to mail these to yet"
    assert replace(NOTES, mailed_at=None).mail_words == ""


def test_reopening_lasts_a_day_from_the_first_finish() -> None:
    assert NOTES.may_reopen_at(ENDED + timedelta(hours=24))
    assert not NOTES.may_reopen_at(ENDED + timedelta(hours=24, seconds=1))
    assert not replace(NOTES, finished_at=None).may_reopen_at(ENDED)
    assert NOTES.reopen_until == "tomorrow"


def test_a_day_without_a_time_says_only_the_day() -> None:
    assert replace(NOTES, next_has_time=False).next_when.replace("\u00a0", " ") == "Tue 1 Dec"


def test_sentences_end_once() -> None:
    assert [as_sentence(s) for s in ("Go on", "Go on.", "Why?", "", "“Yes.”")] == [
        "Go on.",
        "Go on.",
        "Why?",
        "",
        "“Yes.”",
    ]
