"""The words of the form for confidential reports, by name. Pure.

A council's own words come before these (``queries.wording.words_for``). “inside.” is what somebody
reads who is signed in, “link.” what somebody reads who is not; all else both read. “Anonymous” is
said only by the link, and only as far as it is true. ``{name}`` is filled in. Emergency numbers
stand in no text: the page puts 999 and the council's own beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

_START: Final = {
    "danger.title": "Is a child in danger now?",
    "danger.text": "Ring first. Then come back.",
    "danger.999": "Police, ambulance",
    "danger.only_999": "A child is in danger now: ring 999.",
    "danger.day": "Duty, in the day",
    "danger.night": "Duty, at night",
    "start.title": "Tell us what happened, so it is less likely next time",
    "start.lead": "Four questions on what happened, one before and one after: about four "
    "minutes. The rest is up to you. We look for what made it hard, not for who.",
    "start.reads.title": "Who reads it",
    "start.reads": "Two trained reviewers who have no part in the teams it comes from. You can "
    "tick any who should not read it.",
    "start.reads_one": "One trained reviewer who has no part in the teams it comes from. A second "
    "must be found before it is used, so it may take longer.",
    "start.next_read": "Next read: {day}.",
    "start.promise.title": "What we promise",
    "start.promise": "When the learning is agreed, your words and any way to reach you are "
    "destroyed. If nobody gets that far, it happens after {days} days. Copies in backups are gone "
    "30 days later.",
    "start.signed": "Signed by {name}, {role}, on {day}.",
    "start.leader": "one of our leaders",
    "start.not_promise.title": "What we can’t promise",
    "start.not_promise": "This does not cover deliberate harm, crime or a child at risk, and it "
    "does not do your own duties for you. While we hold your words, a court could ask for them. "
    "So we hold little, and not for long. If an order of a court comes first, that one report is "
    "kept, and the page of your receipt says so.",
    "start.not.title": "What this is not",
    "start.not": "It is not a safeguarding referral. It does not tell the LADO, or anyone who "
    "must hear of a data breach. It is not the way to blow the whistle.",
    "start.where": "Where each of these goes",
    "start.begin": "Start",
    "start.begun": "A report was begun here.",
    "start.begun_text": "Go on with it only if it is yours. It is gone after 24 hours.",
    "start.go_on": "Go on",
    "start.begin_again": "Start again",
    "start.receipt": "I have a receipt: read the answer",
}
_DOORS: Final = {
    "inside.name": "Confidential report",
    "inside.known.title": "Confidential: what that means here",
    "inside.known": "You are signed in, so the system knows that it is you while you write. The "
    "report keeps nothing of it: no name, no account, no time, no address. Reviewers and the "
    "people who run Improve can’t see who sent it.",
    "inside.server": "Someone who controls the server itself could watch as a report is sent, or "
    "copy it with its key before it is destroyed. Nothing we build can rule that out. No record "
    "of who sent it is kept for them to find.",
    "inside.instead": "Rather not be signed in? Use the link without sign-in, on your own phone.",
    "inside.instead_link": "Report without signing in",
    "link.name": "Report by link",
    "link.known.title": "Anonymous: how far that goes",
    "link.known": "You are not signed in. We do not ask who you are, and we keep no address, "
    "phone, browser or time. It stays anonymous unless you say how to call you back, or your own "
    "words give you away. With a call-back it is confidential, not anonymous.",
    "link.server": "Your network can see that you came to this site. Whoever runs a work phone or "
    "computer may see more, even what you type. Your own phone, off the work network, is safer. "
    "Someone who controls our server could see your address as you send. It is not kept.",
    "link.signed_in.known.title": "You are signed in on this browser",
    "link.signed_in.known": "So this is confidential, not anonymous: the system could know that "
    "it is you while you write. The report keeps nothing of it. To write with nothing known of "
    "you, use a browser that is not signed in.",
}
_QUESTIONS: Final = {
    "safe.question": "Is every child in this safe now?",
    "safe.hint": "Pick one.",
    "not_safe.title": "Ring now, then come back",
    "not_safe.text": "A report is not read at once. A child may need someone today. Tell the duty "
    "team what you know.",
    "not_safe.kept": "Your answers stay here for 24 hours.",
    "not_safe.go_on": "I have rung. Go on",
    "kind.question": "What kind of thing was it?",
    "kind.hint": "What went well counts as much as what did not.",
    "happened.question": "What happened?",
    "happened.hint": "Write it as you would tell a colleague. Leave out names. Say “the child”, "
    "“the first worker”, “the school”. Up to {most} characters.",
    "factors.question": "What made it more likely?",
    "factors.hint": "Tick any. Most reports have two or three. There is no box for blame.",
    "factors.not_sure": "I am not sure",
    "helped.question": "What helped, or what would have?",
    "helped.hint": "Anything that made it less bad, or that would have stopped it.",
    "when.question": "Roughly when was it?",
    "when.hint": "You can skip this.",
    "group.question": "Which part of the service is it from?",
    "group.hint": "Each is at least {smallest} people, so that nobody stands out. Reviewers with "
    "any part in it will not be given your report.",
    "try.question": "What would you try?",
    "try.hint": "You can skip this. Small is good.",
    "call_back.question": "May one reviewer call you back?",
    "call_back.hint": "They would fill gaps, and read you the words that others will see. How to "
    "reach you is sealed apart from your report and destroyed with it.",
    "call_back.no": "No",
    "call_back.no_hint": "We can still ask you by your receipt.",
    "call_back.yes": "Yes, like this",
    "call_back.contact": "A number, or where and when to meet",
    "call_back.contact_hint": "Someone else may pick up. Choose what is safe for you.",
    "call_back.warn": "Then one reviewer will know who you are. It is confidential, no longer "
    "anonymous.",
    "not_readers.question": "Is there anyone who should not read it?",
    "not_readers.hint": "Tick any. Nobody is told that you did. A reviewer with a part in your "
    "teams is left out already.",
    "not_readers.you": "You review reports yourself. Tick your own name, so that it is never "
    "offered to you.",
    "check.title": "Check your answers",
    "check.lead": "Nothing has been sent yet.",
    "check.change": "Change",
    "check.skipped": "Skipped",
    "check.nobody": "Nobody ticked",
    "check.readers_one": "One reviewer can read it. A second must be found before it is used, so "
    "it may take longer.",
    "check.send": "Send it",
    "check.once": "It is sent once. After that you can’t change it.",
    "next": "Next",
    "skip": "Skip this question",
    "back": "Back",
    "step": "Question {number} of {count}",
    "extra": "A few more: {number} of {count}",
    "kept": "Answers so far are sealed, and gone after 24 hours.",
    "read_again.title": "Read this once more",
    "read_again.lead": "Your words may hold {kinds}. It may point to someone, or to you.",
    "read_again.text": "You can leave it if it matters. Reviewers take such things out before "
    "anyone else reads your words.",
    "read_again.change": "Change my words",
    "read_again.go_on": "Go on as it is",
}
_END: Final = {
    "nobody.title": "No reviewer is left to read this",
    "nobody.text": "Everyone who could read it has a part in these teams, or was ticked. So "
    "nothing is taken, and nothing was sent.",
    "nobody.do": "You can untick someone, pick other teams, or use one of these ways.",
    "closed.title": "Reports are not taken just now",
    "closed.text": "Nobody could be sure to read one. So nothing is taken here. Use one of "
    "these ways.",
    "closed.kept": "Nothing was sent. Your answers so far are sealed here, and gone after 24 "
    "hours. If reports are taken again by then, you can go on.",
    "gone.title": "There are no answers here",
    "gone.text": "They were sent or deleted, or they are more than 24 hours old.",
    "gone.start": "Start a report",
    "many.title": "Wait a little",
    "many.text": "Too many reports are being written just now. Try again later today.",
    "thanks.title": "Thank you. It is sent.",
    "thanks.words": "Your receipt",
    "thanks.once": "These eight words are shown once. Write them down or print this page. Without "
    "them nobody can find your report again, not even us.",
    "thanks.safe": "Keep them where only you look. Anyone who has them can read the answer.",
    "thanks.next.title": "What happens next",
    "thanks.next.first": "A reviewer reads it by {day}, first of all for danger.",
    "thanks.next.second": "A second reviewer reads it within five working days. Where only one can "
    "read it, a second must be found first, so all that follows may take longer.",
    "thanks.next.third": "Within 12 working days they agree on words that point to nobody. Then "
    "your own words are destroyed.",
    "thanks.next.answer": "There is an answer within 28 days.",
    "thanks.read": "To read the answer, or what a reviewer asks you, type the eight words here:",
    "thanks.read_link": "Read the answer",
    "thanks.print": "On a shared printer, do not leave the page there.",
    "thanks.done": "I have the words",
    "leave": "Leave this page",
    "leaving.title": "What “Leave this page” does",
    "leaving.button": "It deletes your answers so far and opens a plain page, such as the weather.",
    "leaving.keys": "On a keyboard you can press Shift three times.",
    "leaving.history": "It does not hide that you were here. The list of pages your browser keeps "
    "still has this one.",
    "leaving.how": "What “Leave this page” does",
    "about.title": "Where each of these goes",
    "about.lead": "A report here starts none of these. If your duty is to tell someone, "
    "tell them too.",
    "about.duty": "Reporting here is no notice in law. Whoever reads or hears of the sexual abuse "
    "of a child reports it to the police or the authority.",
}
#: Where something goes that is not for this scheme; a council puts in names and numbers.
_ROUTES: Final = {
    "route.danger": "A child is in danger now: 999, or the duty number on this page.",
    "route.safeguarding": "A child may be at risk: follow the safeguarding procedure, at once.",
    "route.serious_incident": "A child died or was seriously harmed, or a child in care or a care "
    "leaver died: tell your head of service today. The law sets days, not weeks.",
    "route.allegation": "An allegation about someone who works with children: the LADO, within "
    "one working day.",
    "route.data_breach": "Personal data was lost or seen by the wrong person: the data protection "
    "officer, the same day.",
    "route.whistle_blowing": "Wrongdoing that someone hides: the whistle-blowing route. About how "
    "you are treated at work: the grievance route.",
    "route.complaint": "A family wants to complain: tell the complaints manager. If it is about "
    "their data: the data protection officer.",
}
_ERRORS: Final = {
    "error.title": "There is something to put right",
    "error.mark": "Error:",
    "error.safe": "Say whether every child in this is safe now.",
    "error.kind": "Pick what kind of thing it was.",
    "error.happened": "Write what happened. A few words will do.",
    "error.factors": "Tick what made it more likely, or “I am not sure”.",
    "error.factors_both": "Tick “I am not sure” alone, or untick it.",
    "error.helped": "Write what helped, or what would have. “Nothing” is an answer too.",
    "error.group": "Pick which part of the service it is from.",
    "error.group_gone": "This part of the service can’t be picked any more. Pick again.",
    "error.contact": "Write how to reach you, or pick “No”.",
    "error.pick": "Pick one of these.",
    "error.long": "Use {most} characters or fewer.",
    "error.fast": "Read your answers once more, then send.",
    "error.wait": "Wait a minute, then try again. What you wrote is still here.",
    "error.skip_to_main": "Skip to the main part",
}
#: On the pages of what was learned, for staff.
_LEARNED: Final = {
    "learned.fair.title": "If there is a worry about one person",
    "learned.fair": "That is no question for a report. Most of what goes wrong has deeper causes, "
    "so a test of what one person did is never used as a matter of course. Where there is a real "
    "worry about how someone acted, talk to HR, and read this first:",
    "learned.fair.link": "Being fair, by NHS England",
}

#: Every text of the form by its name, and those of the pages of what was learned.
TEXTS: Final[Mapping[str, str]] = MappingProxyType(
    {**_START, **_DOORS, **_QUESTIONS, **_END, **_ROUTES, **_ERRORS, **_LEARNED}
)
#: The routes in the order in which they are shown; the part after “route.” is often a ``Route``.
ROUTES: Final = tuple(_ROUTES)

#: Said in place of the route that names the duty number, where a council has none.
_ONLY_999: Final = {"route.danger": "danger.only_999"}

_FAIR_URL: Final = (
    "https://www.england.nhs.uk/patient-safety/patient-safety-culture/being-fair-tool"
)

#: What a director signs unless they write their own.
PROMISE: Final = (
    "No action is taken against anyone for reporting honestly. Nobody will try to find out who "
    "reported. We look for what made it hard, and we tell you what we changed."
)


@dataclass(frozen=True, slots=True)
class Words:
    """Every text of the form. ``words("start.title")`` is one of them."""

    texts: Mapping[str, str]
    #: Where the tool stands that is linked to and never built in: no text of a council's.
    fair_url: str = _FAIR_URL

    def __call__(self, name: str, /, **values: object) -> str:
        """Return a text with ``{key}`` filled in from ``values``. Raises ``KeyError``."""
        text = self.texts[name]
        for key, value in values.items():
            text = text.replace(f"{{{key}}}", str(value))
        return text


def routes_shown(words: Words, *, has_numbers: bool) -> tuple[str, ...]:
    """Return the names of the routes to show: no number is named that is not on the page.

    A council's own words stand as they are.
    """
    if has_numbers:
        return ROUTES
    as_ours = (name for name in _ONLY_999 if words.texts[name] == TEXTS[name])
    instead = {name: _ONLY_999[name] for name in as_ours}
    return tuple(instead.get(name, name) for name in ROUTES)


def anonymous_reason(name: str, words: str) -> str:
    """Return why a text in own words may not say “anonymous”; “”: it does not, or may.

    Only what somebody reads who is not signed in says it, as far as it is true.
    """
    says = "anonym" in words.lower()
    if not says or "anonym" in TEXTS.get(name, "").lower() or name.startswith("link."):
        return ""
    return "Leave out “anonymous”: people read this who are signed in. Say “confidential”."
