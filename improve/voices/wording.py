"""The words of the form: three wordings over the same questions, in the house's own English. Pure.

A name is “<wording>.<part>”, or “all.<part>” for what everybody reads. Other languages and easy
read stand in ``catalogues``; a council's own words come before both. Emergency numbers are in no
text: the page puts 999 and Childline beside them as they are, in every language.

Sentences of the younger wording stay under twelve words, one thought each; the reading age of
every text is measured by a test (younger about 7, the others about 9). ``{name}`` is filled in.
“<name>_many” says the same of several readers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from improve.voices.answer_wording import ANSWER_TEXTS
from improve.voices.kinds import AgeBand, MayShow, Speaker, Wording

_YOUNGER: Final = {
    "title": "Tell us what it is like",
    "intro": "You can tell us good things and bad things. You can skip any part.",
    "private": "You do not need to say your name.",
    "leave_out": "Leave out names, schools and places.",
    "who_reads": "{readers} will read it. It is their job.",
    "who_reads_many": "{readers} will read it. It is their job.",
    "not_worker": "They are not your social worker.",
    "keep_private": "We keep it safe.",
    "must_tell": "Is someone being hurt? Then we must tell people who can help.",
    "start": "Start",
    "about.question": "What is it about?",
    "about.hint": "Pick one. You can skip it.",
    "about.home": "My home",
    "about.social_worker": "My social worker",
    "about.plan": "My plan",
    "about.meetings": "Meetings",
    "about.family_time": "Family time",
    "about.school": "School",
    "about.else": "Something else",
    "how.question": "How was it?",
    "how.hint": "Pick one. You can skip it.",
    "how.1": "Good",
    "how.2": "OK",
    "how.3": "Not good",
    "how.none": "I do not want to say",
    "happened.question": "What happened?",
    "happened.hint": "Write it your way. Spelling is not important.",
    "better.question": "What would make it better?",
    "better.hint": "You can draw on paper, too. Give it to a grown-up you trust.",
    "show.question": "Can we show your words to other people?",
    "show.hint": "We take out names first.",
    "show.yes": "Yes",
    "show.no": "No",
    "show.unknown": "I do not know",
    "show.unknown_hint": "Then we do not show them.",
    "worry.title": "Is someone hurting you?",
    "worry.text": "Is someone making you scared? Do not wait for us. Call now. It is free.",
    "worry.go_on": "Go on",
    "send": "Send my words",
    "thanks.title": "Thank you. We have your words.",
    "thanks.read_by": "Someone will read them by {day}.",
    "thanks.answer_by": "We will write an answer here by {day}.",
    "thanks.code": "Your code to come back",
    "thanks.code_hint": "Only you have it. We cannot find it for you.",
    "thanks.code_danger": "Do not write it down if someone might find it.",
    "help.question": "Do you want someone to help you?",
    "help.text": "Tell us who you are if you do. If not, we cannot find you.",
    "help.yes": "Yes, I want help",
    "help.no": "No, I am done",
    "safe.title": "If you are not safe",
    "safe.text": "Talk to a grown-up you trust. Or ring:",
}

_OLDER: Final = {
    "title": "Tell us what it’s like",
    "intro": "You can say what was good, what was not, and what should be different. It takes two "
    "minutes. Skip anything.",
    "private": "You don’t need to give your name.",
    "leave_out": "Leave out names, schools and places.",
    "who_reads": "{readers} reads it. It is their job.",
    "who_reads_many": "{readers} read it. It is their job.",
    "not_worker": "They are not your social worker.",
    "keep_private": "We keep it private.",
    "must_tell": "We may think you or someone else is being hurt. Then we have to tell people who "
    "can help.",
    "start": "Start",
    "about.question": "What is it about?",
    "about.hint": "Pick one, or skip.",
    "about.home": "My home",
    "about.social_worker": "My social worker",
    "about.plan": "My plan",
    "about.meetings": "Meetings",
    "about.family_time": "Family time",
    "about.school": "School",
    "about.else": "Something else",
    "how.question": "How was it?",
    "how.hint": "Pick one, or skip.",
    "how.1": "Really good",
    "how.2": "Good",
    "how.3": "OK",
    "how.4": "Not good",
    "how.5": "Really bad",
    "how.none": "I’d rather not say",
    "happened.question": "What happened?",
    "happened.hint": "Write it in your own words, in any language.",
    "better.question": "What should we do differently?",
    "better.hint": "You can also draw or write on paper. Give it to an adult you trust.",
    "show.question": "Can we show your words to other people?",
    "show.hint": "We take out names first.",
    "show.yes": "Yes",
    "show.no": "No",
    "show.unknown": "I don’t know",
    "show.unknown_hint": "We treat this as no.",
    "worry.title": "Is someone hurting you or making you scared?",
    "worry.text": "Do not wait for us. These people can help you now. You can still send what you "
    "wrote.",
    "worry.go_on": "Go on with the form",
    "send": "Send my words",
    "thanks.title": "Thank you. We have your words.",
    "thanks.read_by": "Someone will read them by {day}.",
    "thanks.answer_by": "We will write an answer to you here by {day}.",
    "thanks.code": "Your code to come back",
    "thanks.code_hint": "Only you have it. We can’t look it up for you.",
    "thanks.code_danger": "Do not write it down if someone might find it.",
    "help.question": "Do you want someone to help you?",
    "help.text": "If you don’t tell us who you are, we can’t come and find you.",
    "help.yes": "Yes, I want help",
    "help.no": "No, I’m done",
    "safe.title": "If you are not safe",
    "safe.text": "Talk to an adult you trust, or ring:",
}

_ADULT: Final = {
    **_OLDER,
    "title": "Tell us what it was like",
    "private": "You do not need to give your name.",
    "leave_out": "Leave out names and addresses, and what points to someone.",
    "not_worker": "They are not your worker, or your child’s.",
    "about.first_contact": "Getting in touch the first time",
    "about.visits": "Visits",
    "about.plan": "My child’s plan, or mine",
    "about.home": "My home",
    "about.being_listened_to": "Being listened to",
    "how.none": "I would rather not say",
    "better.question": "What one thing would have made it better?",
    "better.hint": "You can also write on paper. Give it to anyone who works here.",
    "show.unknown": "I do not know",
    "worry.title": "Is someone in danger?",
    "thanks.code_hint": "Only you have it. We cannot look it up for you.",
    "help.text": "If you do not tell us who you are, we cannot come and find you.",
    "help.no": "No, I am done",
    "safe.title": "If you or a child are not safe",
    "safe.text": "Talk to someone you trust, or ring:",
}
for _gone in ("about.social_worker", "about.family_time", "about.school"):
    del _ADULT[_gone]

#: Read before anybody said who they are, or by all alike.
_ALL: Final = {
    "danger.title": "In danger now? Do not wait for us.",
    "danger.unread": "We do not read this at night or at weekends.",
    "danger.999": "If someone is hurt or about to be",
    "danger.childline": "Free, any time, day or night",
    "danger.day": "The council, in the day",
    "danger.night": "The council, at night",
    "reading": "We will next read this on {day}.",
    "nobody": "Nobody reads this just now. Use the phone numbers.",
    "who.question": "Who is writing?",
    "who.child": "I am a child",
    "who.young_person": "I am a young person",
    "who.parent_or_carer": "I am a parent or carer",
    "who.care_leaver": "I have left care",
    "who.helper": "I am helping someone else",
    "whose.question": "Whose words are they?",
    "whose.hint": "We mark that you helped. Write what they say, not what you think.",
    "whose.child": "A child’s",
    "whose.young_person": "A young person’s",
    "whose.parent_or_carer": "A parent’s or carer’s",
    "whose.care_leaver": "A care leaver’s",
    "age.question": "How old are you?",
    "age.question_helped": "How old are they?",
    "age.hint": "You can skip this.",
    "age.7": "7 or under",
    "age.8-11": "8 to 11",
    "age.12-15": "12 to 15",
    "age.16": "16 or over",
    "next": "Next",
    "skip": "Skip this question",
    "skip_hint": "If you skip, we do not send what is in the box.",
    "back": "Back",
    "step": "{number} of {count}",
    "done": "I am done",
    "skip_to_main": "Skip to the main part",
    "error.mark": "Error:",
    "leave": "Leave this page",
    "leave_how": "How leaving works",
    "go_on": "Go on with what I began",
    "begin_again": "Start again",
    "begun": "Someone may have begun to write this here.",
    "begun_text": "Was it you, on this phone or computer? Then you can go on. If not, start "
    "again. What they wrote is then gone.",
    "shared_computer": "Do others use this phone or computer? Press “Leave this page” when you are "
    "done.",
    "easy_read": "Easy read",
    "english": "English",
    "privacy": "Privacy notice",
    "changed": "What changed because of you",
    "have_code": "I have a code",
    "about_form": "About this form",
    "complain": "How to complain, or have someone speak up for you",
    "not_complaint": "This is not a complaint.",
    "paper": "No phone or computer? Write or draw it on paper. Give it to anyone who works here.",
    "closed.title": "We are not ready to read this yet",
    "closed.text": "You can still tell us on paper. Give it to anyone who works here.",
    "ended": "The code you used does not work now. You can still tell us here.",
    "many.title": "Too many people are writing just now",
    "many.text": "We could not take your words. Try again later, or use paper.",
    "error.title": "There is something to put right",
    "error.pick": "Pick one, or skip.",
    "error.who": "Pick who is writing.",
    "error.whose": "Pick whose words they are.",
    "error.nothing": "Write something here, or go back and tell us what happened.",
    "error.long": "Use {most} letters or fewer. Your words are still here.",
    "error.wait": "That was a lot at once. Wait a minute, then go on. Your words are still here.",
    "error.fast": "That was very quick. Read it again, then send it.",
    "gone.title": "Your answers are not here any more",
    "gone.text": "We keep them for one day until you send them. If you sent them, we have them. "
    "If not, start again.",
    "help.title": "Ask for help",
    "help.text": "Tell us how to find you. It goes to a person whose job is to help. They do "
    "not see what you told us before.",
    "help.until": "Someone is here to read it until {time} today.",
    "help.name": "What shall we call you?",
    "help.reach": "How can we reach you?",
    "help.reach_hint": "A phone number, an e-mail address, or a place where you will be.",
    "help.when": "When is it safe to reach you?",
    "help.keep_from": "Who must not know?",
    "help.can_skip": "You can leave this empty.",
    "help.send": "Ask for help now",
    "help.error_name": "Write what we shall call you. It need not be your full name.",
    "help.error_reach": "Write how we can reach you. If you don’t, we can’t find you.",
    "help.sent_title": "We have told a person that you want help",
    "help.sent_text": "They will try to reach you the way you said. When they have it, we "
    "delete what you wrote here.",
    "help.closed_title": "Nobody is here to read this just now",
    "help.closed_text": "If you want help, call one of these numbers. Someone will talk to you.",
    "help.hours": "Someone is here to read it at these times:",
    "leaving.title": "How leaving works",
    "leaving.button": "The black button takes you to a page about the weather. It throws away what "
    "you wrote and did not send.",
    "leaving.keys": "On a keyboard you can press Shift three times.",
    "leaving.history": "It does not hide that you were here. The list of pages you looked at still "
    "has this one. Someone who uses the same phone or computer can see it.",
    "leaving.private": "A private window keeps no list. You could also use a phone that you trust, "
    "or a library.",
    "about.title": "About this form",
    "about.who": "{readers} reads it. They are trained for it.",
    "about.who_many": "{readers} read it. They are trained for it.",
    "and": "{names} and {last}",
    "about.when": "They read on working days. You get an answer within 28 days.",
    "about.tell": "If we think someone is being hurt, we must tell people who can help. We try to "
    "say so first.",
    "about.kept": "What you write is locked. We delete it after {days} days. What others may read "
    "stays, with no names in it.",
    "about.not_kept": "We do not keep your name, your phone’s address, or the time you wrote.",
    "about.cookie": "The form puts one small file in your browser so that it works. The black "
    "button takes it away.",
    "about.any_language": "You can write in any language. A person puts it into English.",
}


def _all_texts() -> Mapping[str, str]:
    texts = {f"all.{name}": words for name, words in {**_ALL, **ANSWER_TEXTS}.items()}
    for wording, own in (
        (Wording.YOUNGER, _YOUNGER),
        (Wording.OLDER, _OLDER),
        (Wording.ADULT, _ADULT),
    ):
        texts |= {f"{wording.value}.{name}": words for name, words in own.items()}
    return MappingProxyType(texts)


#: Every text of the form by its name.
TEXTS: Final = _all_texts()

#: The house's own language.
ENGLISH: Final = "en"
EASY_READ: Final = "en_easy"


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the form: as its speakers write it, in English, and which way it runs."""

    code: str
    own_name: str
    name: str
    direction: str = "ltr"

    @property
    def lang(self) -> str:
        """The code as a browser and a screen reader take it."""
        return self.code.partition("_")[0]


LANGUAGES: Final[Mapping[str, Language]] = MappingProxyType(
    {
        language.code: language
        for language in (
            Language(ENGLISH, "English", "English"),
            Language(EASY_READ, "Easy read", "Easy read"),
            Language("pl", "Polski", "Polish"),
            Language("ur", "اردو", "Urdu", "rtl"),
        )
    }
)


@dataclass(frozen=True, slots=True)
class Words:
    """Every text of the form in one language. ``words("older.title")`` is one of them."""

    language: Language
    texts: Mapping[str, str]

    def __call__(self, name: str, **values: object) -> str:
        """Return a text with ``{key}`` filled in from ``values``. Raises ``KeyError``."""
        text = self.texts[name]
        for key, value in values.items():
            text = text.replace(f"{{{key}}}", str(value))
        return text

    def with_readers(self, name: str, readers: Sequence[str]) -> str:
        """Return a text that names its readers, as one language says it of one and of several.

        ``<name>_many`` is the text of several. Raises ``KeyError``.
        """
        if len(readers) < 2:
            return self(name, readers="".join(readers))
        comma = "، " if self.direction == "rtl" else ", "
        known = self("all.and", names=comma.join(readers[:-1]), last=readers[-1])
        return self(f"{name}_many", readers=known)

    @property
    def lang(self) -> str:
        """The code as a browser and a screen reader take it: “en”, “pl”, “ur”."""
        return self.language.lang

    @property
    def direction(self) -> str:
        """“ltr” or “rtl”."""
        return self.language.direction

    @property
    def has_symbols(self) -> bool:
        """Whether symbols stand before the words."""
        return self.language.code == EASY_READ


#: What a leader signs unless they write their own.
PROMISE: Final = (
    "We read every word that children, young people and families send us. A trained person "
    "reads it within one working day. We answer within 28 days, in plain words, and say so when "
    "nothing changed. Nobody is treated worse for what they tell us. Nobody here will try to find "
    "out who wrote it, unless someone may be in danger."
)

#: Choices of the first questions, by the name of their text.
WHO: Final = tuple((speaker.value, f"all.who.{speaker.value}") for speaker in Speaker)
WHOSE: Final = tuple(
    (speaker.value, f"all.whose.{speaker.value}")
    for speaker in Speaker
    if speaker is not Speaker.HELPER
)
AGES: Final = tuple((age.value, f"all.age.{age.value}") for age in AgeBand)
SHOW: Final = tuple(answer.value for answer in MayShow)
