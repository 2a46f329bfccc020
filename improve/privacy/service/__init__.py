"""What people do for privacy: copies, erasing, times and facts; what is cleared by time."""

from __future__ import annotations

from improve.privacy.service.clearing import offer_privacy
from improve.privacy.service.copies import (
    REQUESTS,
    copy_of_person,
    copy_of_words,
    find_words,
    own_copy,
)
from improve.privacy.service.erase_person import (
    KIND,
    erase_person,
    erase_person_again,
    is_erased,
    names_had,
    texts_naming,
    why_not,
)
from improve.privacy.service.first_names import firsts_that_are_words
from improve.privacy.service.hide_found import hide_found, name_of
from improve.privacy.service.settings import set_facts, set_times
from improve.privacy.service.take_name_out import fields_naming

__all__ = [
    "KIND",
    "REQUESTS",
    "copy_of_person",
    "copy_of_words",
    "erase_person",
    "erase_person_again",
    "fields_naming",
    "find_words",
    "firsts_that_are_words",
    "hide_found",
    "is_erased",
    "name_of",
    "names_had",
    "offer_privacy",
    "own_copy",
    "set_facts",
    "set_times",
    "texts_naming",
    "why_not",
]
