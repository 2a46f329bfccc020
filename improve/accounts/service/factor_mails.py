"""What people are mailed when their second proof changes: whoever did not do it must hear of it."""

from __future__ import annotations

from typing import Final

from improve.accounts import queries
from improve.mail import service as mail
from improve.shared import clock

_NOT_YOU: Final = "If this was not you, change your password and tell your administrator today."

#: By the code of the act in the log: the subject, and what happened. “{site}” is the site's name.
WORDS: Final = {
    "second_factor_set_up": (
        "{site} now asks for a code from your phone",
        (
            "when you sign in to {site}, your phone gives you a code to type. "
            f"You were signed out everywhere else. {_NOT_YOU}"
        ),
    ),
    "second_factor_turned_off": (
        "{site} no longer asks for a code from your phone",
        f"from now on your password alone is enough to sign in to {{site}}. {_NOT_YOU}",
    ),
    "second_factor_reset": (
        "Your phone gives no codes for {site} any more",
        (
            "an administrator took your phone’s codes for {site} away and signed you out. "
            "You can set up a phone again when you sign in. "
            "If you did not ask for this, tell your administrator today."
        ),
    ),
    "recovery_codes_made": (
        "New recovery codes for {site}",
        f"the recovery codes that you had before no longer work. {_NOT_YOU}",
    ),
    "recovery_code_used": (
        "A recovery code was used at {site}",
        (
            "somebody signed in to {site} with your password and one of your recovery codes. "
            f"If that was you, set up your new phone under Settings. {_NOT_YOU}"
        ),
    ),
    "second_factor_refused": (
        "Five wrong codes at {site}",
        (
            "somebody gave your right password for {site}, and then five wrong codes. "
            "They did not get in. If that was not you, somebody knows your password: "
            "change it today, and tell your administrator."
        ),
    ),
}


def mail_person(act: str, *, person_id: int, site_name: str) -> None:
    """Queue the mail to a person about an act on their second proof, once for each moment."""
    account = queries.person_for_password(person_id)
    if account is None:
        return
    subject, body = (words.format(site=site_name) for words in WORDS[act])
    mail.enqueue(
        key=f"{act}:{person_id}:{clock.now().isoformat()}",
        to=account.email,
        subject=subject,
        body=f"Hello {account.name},\n\n{body}\n",
    )
