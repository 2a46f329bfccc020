"""Trying the mail server, for whoever sets an installation up."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime

from improve.mail.service import connect
from improve.shared import clock


def fault_of_server(mail_url: str, *, sender: str, send_to: str = "") -> str:
    """Return why mail would not leave, in words without a secret, or “” where it would.

    It goes as far as a mail does, name and password included; it sends one to ``send_to`` only.
    """
    try:
        with connect(mail_url) as send:
            if send_to:
                send(_trial(sender, send_to))
    except smtplib.SMTPAuthenticationError:
        return "it does not take the name or the password of MAIL_URL"
    except smtplib.SMTPRecipientsRefused:
        return "it does not take mail for that address"
    except smtplib.SMTPSenderRefused:
        return "it does not take mail from the address MAIL_FROM"
    except ssl.SSLError:
        return "its certificate does not hold, or it speaks no encryption there"
    except smtplib.SMTPException as error:
        return f"it said no ({type(error).__name__})"
    except TimeoutError:
        return "it did not answer in time"
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _trial(sender: str, to: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = sender, to
    message["Subject"] = "A mail to try the mail server"
    message["Date"] = format_datetime(clock.now())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("Somebody who runs this site tried whether its mail arrives. It does.\n")
    return message
