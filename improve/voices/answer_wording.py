"""The words of the pages that answers are read on, by a code and by everybody. Pure.

Read by all alike, whatever wording they were asked in. Names of texts begin with “all.answer.” or
“all.changed.”; the catalogues have each of them in the other languages.
"""

from __future__ import annotations

from typing import Final

#: By their names after “all.”.
ANSWER_TEXTS: Final = {
    "answer.where": "To read our answer, type your code here:",
    "answer.title": "Read your answer",
    "answer.how": "When you told us something, we gave you a code. Type it here. You don’t need to "
    "give your name.",
    "answer.code": "Your code",
    "answer.code_hint": "Three words and four numbers, such as: {example}",
    "answer.read": "Read my answer",
    "answer.waiting": "It is waiting to be read",
    "answer.is_read": "Somebody has read it",
    "answer.given": "Our answer",
    "answer.told_on": "You told us on {day}.",
    "answer.by": "There is no answer yet. You get one by {day}.",
    "answer.too_long": "There is no answer yet. It took us too long. We are sorry. We have not "
    "forgotten it.",
    "answer.come_back": "Keep your code and come back.",
    "answer.locked": "It has gone to people whose job is to look into things like this. We can’t "
    "write more about it here.",
    "answer.in_english": "In English",
    "answer.english_only": "This answer is in English. You can ask someone you trust to read it to "
    "you.",
    "answer.tried": "We tried",
    "answer.happened": "What happened",
    "answer.kept": "We kept it.",
    "answer.changed": "We changed it.",
    "answer.stopped": "We stopped, and learned.",
    "answer.trying": "We are still trying it.",
    "answer.listening": "We are listening.",
    "answer.right": "Did we get it right?",
    "answer.right.yes": "Yes",
    "answer.right.partly": "Partly",
    "answer.right.no": "No",
    "answer.more": "Anything you want to add",
    "answer.send": "Send",
    "answer.said.yes": "You said: yes, we got it right.",
    "answer.said.partly": "You said: we got it partly right.",
    "answer.said.no": "You said: no, we did not get it right.",
    "answer.change": "Change what you said",
    "answer.thanks": "Thank you for telling us.",
    "answer.thanks_again": "Thank you. We will read what you said, and answer again.",
    "answer.still_here": "What you wrote is still here",
    "answer.error_empty": "Type your code.",
    "answer.error_unknown": "We don’t know this code. Check each word, and the four numbers, and "
    "try again.",
    "answer.error_tries": "Many tries came from where you are. Wait 5 minutes and try again.",
    "answer.error_old": "The page was open for more than a day. Type your code again.",
    "answer.error_wait": "Much came from where you are. Wait a minute, then type your code again.",
    "answer.error_right": "Choose yes, partly or no.",
    "answer.everybody": "Can everyone use this site?",
    "changed.lead": "Children, young people and families told us what it’s like. This is what we "
    "did, and what came of it, even when it did not work.",
    "changed.in_english": "The stories are in English.",
    "changed.who": "Who told us",
    "changed.everyone": "Everyone",
    "changed.families": "Parents and carers",
    "changed.care-leavers": "Care leavers",
    "changed.by.7": "A child, 7 or under",
    "changed.by.8-11": "A child, 8 to 11",
    "changed.by.12-15": "A young person, 12 to 15",
    "changed.by.16": "A young person, 16 or over",
    "changed.by.families": "A parent or carer",
    "changed.by.care-leavers": "A care leaver",
    "changed.by.somebody": "Somebody",
    "changed.by_helper": "written down by someone helping",
    "changed.said": "You said",
    "changed.not_known": "Not known yet. We will write it here.",
    "changed.not_written": "Nobody wrote down what came of it.",
    "changed.pages": "Pages",
    "changed.newer": "Newer",
    "changed.older": "Older",
    "changed.page": "Page {number} of {count}",
    "changed.starting": "We are just starting. Here is what we are listening for.",
}
