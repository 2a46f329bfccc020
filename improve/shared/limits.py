"""The limit of every field, stated once. Forms, services, templates and columns read it here."""

from __future__ import annotations

from typing import Final

#: Longest text of each field, in characters.
LENGTHS: Final[dict[str, int]] = {
    # people and places
    "person_name": 80,
    "job_title": 80,
    "email": 254,
    "organisation_name": 120,
    "team_name": 80,
    "slug": 60,
    "group_name": 200,
    "group_label": 80,
    "aim": 200,
    "many_addresses": 8_000,
    "device_name": 60,
    "wall_code": 40,
    "factor_code": 40,
    # ideas
    "title": 120,
    "idea_text": 2_000,
    "benefit": 500,
    "problem": 1_000,
    "improves": 200,
    "reply": 1_000,
    "reason": 300,
    "duty_number": 200,
    "comment": 2_000,
    "document_link": 500,
    "driver": 120,
    # for whom, and how much
    "aim_part": 200,
    "view_name": 60,
    "view_query": 500,
    "file_name": 100,
    # cycles
    "plan_text": 1_000,
    "scope": 300,
    "prediction": 600,
    "what_happened": 2_000,
    "learned": 1_000,
    "decision_why": 1_000,
    "next_step": 500,
    "note": 300,
    # what leaders answer, and what came of it
    "leader_answer": 500,
    "leader_outcome": 500,
    # what a leader writes to a team about a finished cycle
    "read_words": 500,
    # a team's busy time
    "busy_why": 300,
    "busy_asks": 500,
    # one's own record of learning
    "cpd_activity": 300,
    "cpd_text": 4_000,
    # words to look for: as many as are read
    "search": 200,
    # learning pages
    "learning_text": 2_000,
    # how ideas travel, and whether they hold
    "adaptation": 500,
    "told_words": 1_000,
    "sustained": 1_000,
    # voices of children and families
    "voice_words": 4_000,
    "voice_label": 120,
    "voice_code": 60,
    # the words of a receipt, with whatever somebody types between them
    "receipt": 100,
    "voice_answer": 2_000,
    "voice_step": 500,
    "voice_wording": 1_000,
    "voice_setup": 1_000,
    "leave_url": 200,
    "help_words": 500,
    # confidential reports
    "report_words": 2_000,
    "report_shareable": 4_000,
    "report_helped": 1_000,
    "report_contact": 300,
    "report_message": 1_000,
    "report_answer": 2_000,
    "report_theme": 300,
    "report_note": 2_000,
    "report_setup": 1_000,
    "hazard": 500,
    "disclosure": 500,
    # the eight words of a report's receipt, with whatever somebody types between them
    "report_receipt": 200,
    # what the privacy notice and its like are filled with
    "document_fact": 1_000,
    # names or words to look for, one on each line
    "subject_words": 500,
    # huddles
    "decision": 500,
    "action": 300,
    "thanks": 500,
    "good_news": 500,
    "help_needed": 500,
    "hard_thing": 300,
    "protected_time": 120,
    # measures
    "measure_name": 100,
    "definition": 600,
    "unit": 30,
    "point_note": 60,
    "source": 200,
    "window_label": 60,
    "question": 160,
    # up to six of them, one on each line
    "questions": 1_000,
    "raw_values": 2_000,
    "place_name": 200,
    # as much as a file may hold
    "pasted_rows": 5 * 1024 * 1024,
    # a number or a day, as people type them
    "number_or_day": 60,
}

PASSWORD_SHORTEST: Final = 12
PASSWORD_LONGEST: Final = 128
#: Families or workers in a small test.
SMALL_TEST_MOST: Final = 5
#: Largest count that a small test or a work limit takes.
COUNT_MOST: Final = 999
IMPORT_ROWS_MOST: Final = 20_000
IMPORT_BYTES_MOST: Final = 5 * 1024 * 1024
#: Invitations sent at once.
INVITATIONS_MOST: Final = 100


def length(name: str) -> int:
    """Return the longest text, in characters, of the field ``name``."""
    return LENGTHS[name]
