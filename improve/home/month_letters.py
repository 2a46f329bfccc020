"""The nightly offer that sends leaders their month, with the addresses that a mail needs."""

from __future__ import annotations

from improve.home.news_addresses import MailAddresses
from improve.review.service.letters import send_month_letters


def mail_the_month() -> int:
    """Queue the letters of the month where they are due; return how many."""
    return send_month_letters(to=MailAddresses())
