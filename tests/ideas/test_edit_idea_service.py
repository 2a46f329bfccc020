"""Editing field by field, answers, words after a conflict, lead, measures, blocked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from improve.ideas import queries, service
from improve.ideas.kinds import Stage, Way
from improve.ideas.service.conflict import purge_kept_words
from improve.notifications.queries import notices
from improve.shared import clock, limits
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from tests.ideas import journeys
from tests.ideas.journeys import bring_to, move

pytestmark = pytest.mark.usefixtures("context")


def _edit(actor, idea_id, field, value, seen_version=None):
    seen = journeys.idea(idea_id).version if seen_version is None else seen_version
    return service.edit_field(actor, idea_id=idea_id, field=field, value=value, seen_version=seen)


def test_edit_is_kept_with_both_texts(cast):
    idea_id = bring_to(cast, Stage.SUGGESTED)
    _edit(cast.actor("colleague"), idea_id, "problem", "Children open the door to a stranger")
    _edit(cast.actor("colleague"), idea_id, "problem", "Children do not know who comes")
    line = queries.history(cast.actor("manager"), idea_id)[0]
    assert (line.who, line.field) == ("Jo", "problem")
    assert line.words == "changed “What happens now”"
    assert line.old == "Children open the door to a stranger"
    assert line.new == "Children do not know who comes"


def test_same_field_changed_meanwhile_is_a_conflict_with_both_texts(cast):
    idea_id = bring_to(cast, Stage.SUGGESTED)
    seen = journeys.idea(idea_id).version
    _edit(cast.actor("colleague"), idea_id, "title", "A photo first")
    with pytest.raises(Stale) as refused:
        _edit(cast.actor("practitioner"), idea_id, "title", "Photos for all", seen)
    facts = refused.value.facts
    assert (facts["by"], facts["mine"], facts["theirs"]) == (
        "Jo",
        "Photos for all",
        "A photo first",
    )


def test_another_field_changed_meanwhile_is_none(cast):
    idea_id = bring_to(cast, Stage.SUGGESTED)
    seen = journeys.idea(idea_id).version
    _edit(cast.actor("colleague"), idea_id, "benefit", "They know who comes")
    _edit(cast.actor("practitioner"), idea_id, "title", "Photos for all", seen)
    idea = journeys.idea(idea_id)
    assert (idea.title, idea.benefit) == ("Photos for all", "They know who comes")


@pytest.mark.parametrize("name", ["other_manager", "leader", "voices_reader"])
def test_reader_may_not_edit(cast, name):
    idea_id = bring_to(cast, Stage.PLAN)
    with pytest.raises(Forbidden):
        _edit(cast.actor(name), idea_id, "title", "Mine")


def test_outsider_and_unknown_field_find_nothing(cast):
    idea_id = bring_to(cast, Stage.PLAN)
    with pytest.raises(NotFound):
        _edit(cast.actor("outsider"), idea_id, "title", "Mine")
    with pytest.raises(NotFound):
        _edit(cast.actor("practitioner"), idea_id, "stage", "done")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", " ", "Give it a title"),
        ("suggestion", "", "Write the idea"),
        ("title", "x" * (limits.length("title") + 1), "over the limit"),
        ("document_link", "javascript:alert(1)", "https"),
        ("as_planned", "perhaps", "Choose one of the answers"),
        ("families_count", 6, "1 to 5 families"),
        ("seen_count", 1000, "0 to 999"),
    ],
)
def test_bad_values_are_refused_in_words(cast, field, value, words):
    idea_id = bring_to(cast, Stage.PLAN)
    with pytest.raises(RuleBroken, match=words):
        _edit(cast.actor("practitioner"), idea_id, field, value)


def test_counts_that_do_not_fit_and_past_days_are_refused_together(cast):
    idea_id = bring_to(cast, Stage.PLAN)
    with pytest.raises(RuleBroken) as refused:
        service.save_answers(
            cast.actor("practitioner"),
            idea_id=idea_id,
            seen_version=journeys.idea(idea_id).version,
            answers={
                "expected_count": 6,
                "expected_of": 5,
                "study_by_on": clock.today() - timedelta(days=1),
            },
        )
    assert {r.field for r in refused.value.reasons} == {"expected_count", "study_by_on"}


def test_saving_answers_does_not_move(cast):
    author = cast.actor("practitioner")
    idea_id = bring_to(cast, Stage.DO)
    service.save_answers(
        author,
        idea_id=idea_id,
        seen_version=journeys.idea(idea_id).version,
        answers=journeys.RESULT,
    )
    form = queries.move_form(author, idea_id)
    assert form.stage is Stage.DO
    assert form.values["seen_count"] == 4
    assert [m.key for m in form.chosen.missing] == ["study_day"]
    assert form.chosen.note_label == "Why study it early?"


def test_words_are_added_under_those_that_stand_with_both_names(cast):
    author, manager = cast.actor("practitioner"), cast.actor("manager")
    idea_id = bring_to(cast, Stage.DO)
    move(manager, idea_id, Way.STUDY, answers=journeys.RESULT, note="All done")
    service.add_words_after_conflict(
        author,
        idea_id=idea_id,
        answers={"what_happened": "One parent asked for more", "as_planned": "mostly"},
    )
    page = queries.idea_page(author, idea_id)
    assert page.stage is Stage.STUDY
    assert page.cycle.what_happened == (
        "Sam: Five visits. Four children said the name.\n\n"
        "Amina: One parent asked for more\n\n"
        "Amina: Did you try it as planned? Mostly"
    )
    assert page.cycle.as_planned_words == "Yes"


def test_words_left_out_are_kept_a_day_for_their_writer_only(cast):
    author, manager = cast.actor("practitioner"), cast.actor("manager")
    idea_id = bring_to(cast, Stage.STUDY)
    service.leave_words_out(author, idea_id=idea_id, answers={"what_happened": "My own words"})
    kept = [line for line in queries.history(author, idea_id) if line.kind == "kept"]
    assert "My own words" in kept[0].note
    assert not [line for line in queries.history(manager, idea_id) if line.kind == "kept"]
    with clock.moved(clock.now() + timedelta(hours=25)):
        assert not [li for li in queries.history(author, idea_id) if li.kind == "kept"]
        assert purge_kept_words() == 1


def test_lead_is_someone_of_the_team_and_is_told(cast):
    idea_id = bring_to(cast, Stage.PLAN)
    with pytest.raises(RuleBroken, match="in this team"):
        service.choose_lead(cast.actor("manager"), idea_id=idea_id, lead_id=cast.other_manager)
    service.choose_lead(cast.actor("manager"), idea_id=idea_id, lead_id=cast.colleague)
    assert queries.card(cast.actor("coach"), idea_id).who == "Amina, with Jo"
    assert [n.kind.value for n in notices(cast.actor("colleague"))] == ["lead_chosen"]


def test_blocked_needs_a_reason_and_who_can_help(cast):
    author = cast.actor("practitioner")
    idea_id = bring_to(cast, Stage.DO)
    with pytest.raises(RuleBroken) as refused:
        service.mark_blocked(author, idea_id=idea_id, reason="", who="")
    assert [r.field for r in refused.value.reasons] == ["reason", "who"]
    service.mark_blocked(author, idea_id=idea_id, reason="Needs the contract", who="Florence")
    card = queries.card(author, idea_id)
    assert card.blocked is not None
    assert (card.blocked.who, card.next_words) == ("Florence", "")
    service.unblock(author, idea_id=idea_id)
    service.unblock(author, idea_id=idea_id)
    assert queries.card(author, idea_id).blocked is None


def test_comment_is_made_once_told_edited_and_removed(cast):
    author, colleague = cast.actor("practitioner"), cast.actor("colleague")
    idea_id = bring_to(cast, Stage.PLAN)
    made = service.comment(colleague, idea_id=idea_id, words="Count me in", form_token="one")
    again = service.comment(colleague, idea_id=idea_id, words="Count me in", form_token="one")
    assert made == again
    assert notices(author)[0].words == "Jo commented"
    with pytest.raises(Forbidden):
        service.edit_comment(author, comment_id=made, words="Changed")
    service.edit_comment(colleague, comment_id=made, words="Count me in, please")
    (shown,) = queries.idea_page(author, idea_id).comments
    assert (shown.words, shown.is_edited, shown.may_edit) == ("Count me in, please", True, False)
    with pytest.raises(Forbidden):
        service.remove_comment(author, comment_id=made)
    service.remove_comment(cast.actor("manager"), comment_id=made)
    service.remove_comment(cast.actor("manager"), comment_id=made)
    (left,) = queries.idea_page(author, idea_id).comments
    assert (left.words, left.removed_by) == ("", "Sam")
    with pytest.raises(RuleBroken):
        service.edit_comment(colleague, comment_id=made, words="Again")
    with pytest.raises(NotFound):
        service.remove_comment(cast.actor("outsider"), comment_id=made)


@pytest.mark.parametrize("words", ["", "   ", "x" * (limits.length("comment") + 1)])
def test_empty_and_long_comments_are_refused(cast, words):
    idea_id = bring_to(cast, Stage.PLAN)
    with pytest.raises(RuleBroken):
        service.comment(cast.actor("leader"), idea_id=idea_id, words=words, form_token="t")
