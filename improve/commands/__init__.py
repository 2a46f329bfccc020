"""The command line: everything that is done to an installation from outside the browser."""

from __future__ import annotations

from flask import Flask

from improve.accounts import sealed_columns as of_accounts
from improve.accounts import service as accounts
from improve.accounts.command import first_administrator, take_phone_away
from improve.accounts.service.gone import closed_accounts
from improve.commands.audit_log import verify_audit
from improve.commands.backing_up import backup
from improve.commands.database_role import database_role
from improve.commands.doctor import doctor, offer_checks
from improve.commands.erasing import erase_after_import, erase_again_by_hand
from improve.commands.mailing import deliver_mail
from improve.commands.night import nightly, purge
from improve.commands.restoring import restore
from improve.commands.sealing_key import rotate_sealing_key
from improve.commands.static_files import compress_static
from improve.commands.upgrading import recompute, upgrade
from improve.commands.watched import build, run_ages
from improve.ideas.service.gone import removed_comments
from improve.library.check_command import check_learning
from improve.mail import sealed_columns as of_mails
from improve.mail import service as mail
from improve.mail.delayed import mails_held_up
from improve.measures import service as measures
from improve.measures.analyse_command import analyse
from improve.open_data.command import AFTER_IMPORT, export_archive, import_archive
from improve.redaction.service.gone import hidden_texts
from improve.shared import contributions, gone_marks, metrics, resealing, rewriting
from improve.shared.clearing import clears
from improve.voices.service import sealed_columns as of_voices
from improve.voices.service.gone import gone_of_voices
from improve.voices.service.measures import count_ended_months
from improve.voices.service.retention import clear_voices, tables_of_voices
from improve.voices.service.said_months import write_said_months
from improve.voices.service.survey_results import count_closed_surveys


def register(app: Flask) -> None:
    """Give the application its commands."""
    clears("sign-ins, links, passes and counted tries that ended", accounts.purge_access)
    clears("mails that left, or were given up, a month ago", mail.purge_outbox)
    for offer in (build, run_ages, mails_held_up):
        contributions.register(metrics.CONTRIBUTION, offer)
    contributions.register("nightly", measures.settle_ended_weeks)
    contributions.register("nightly", accounts.end_busy_times_that_are_over)
    contributions.register("nightly", count_ended_months)
    contributions.register("nightly", write_said_months)
    contributions.register("nightly", count_closed_surveys)
    clear_voices()
    contributions.register(resealing.SEALED, of_voices.sealed_columns)
    contributions.register(resealing.HASHED, of_voices.hashed_columns)
    contributions.register(resealing.SEALED, of_mails.sealed_columns)
    contributions.register(resealing.SEALED, of_accounts.sealed_columns)
    contributions.register(rewriting.CONTRIBUTION, tables_of_voices)
    contributions.register(rewriting.CONTRIBUTION, of_mails.tables_of_mails)
    for goes in (closed_accounts(), hidden_texts(), removed_comments(), *gone_of_voices()):
        contributions.register(gone_marks.CONTRIBUTION, goes)
    contributions.register(AFTER_IMPORT, erase_after_import)
    offer_checks()
    for command in (
        upgrade,
        first_administrator,
        take_phone_away,
        deliver_mail,
        nightly,
        purge,
        backup,
        restore,
        erase_again_by_hand,
        doctor,
        database_role,
        rotate_sealing_key,
        compress_static,
        recompute,
        verify_audit,
        analyse,
        check_learning,
        export_archive,
        import_archive,
    ):
        app.cli.add_command(command)
