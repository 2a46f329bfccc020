"""The forms of whoever comes back to a report with its receipt."""

from __future__ import annotations

from wtforms import HiddenField, TextAreaField

from improve.shared.forms import Form, Needed, at_most


class LookUpForm(Form):
    """The words of a receipt: in the body, never in an address."""

    #: Of several lines: eight words are to be seen at once, on a phone, too.
    words = TextAreaField(
        "Your eight words", [Needed("Type your words."), at_most("report_receipt")]
    )
    #: What somebody wrote on a page that was open for too long: it goes on with them.
    message = TextAreaField("What you wrote is still here", [at_most("report_message")])


class AnswerBackForm(Form):
    """What somebody writes to the reviewers. ``held`` says of which report."""

    held = HiddenField()
    message = TextAreaField(
        "Write to the reviewers", [Needed("Write something first."), at_most("report_message")]
    )
