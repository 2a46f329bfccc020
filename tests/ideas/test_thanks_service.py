"""Thanks: from a person to a person, told to them, taken back within a day, never counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from improve.ideas import queries, service
from improve.ideas.kinds import Stage
from improve.ideas.models import Idea, Thanks
from improve.ideas.thanks_views import THE_AUTHOR
from improve.notifications import queries as notices
from improve.notifications.kinds import NoticeKind
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from tests.factories import Cast
from tests.ideas.journeys import bring_to

pytestmark = pytest.mark.usefixtures("context")

WORDS = "Your photo idea helped the new family."


def thank(cast: Cast, name: str = "manager", **facts) -> int:
    facts.setdefault("to_id", cast.practitioner)
    facts.setdefault("words", WORDS)
    facts.setdefault("team_id", cast.team)
    facts.setdefault("form_token", "once")
    return service.say_thanks(cast.actor(name), **facts)


def test_it_stands_on_the_idea_and_whole_on_the_persons_own_page(cast):
    idea_id = bring_to(cast, Stage.DO)
    made = thank(cast, "leader", idea_id=idea_id)
    (shown,) = queries.idea_page(cast.actor("colleague"), idea_id).thanks
    assert (shown.id, shown.words, shown.by.name, shown.to.name) == (
        made,
        WORDS,
        "Florence Ash",
        "Amina Birch",
    )
    (mine,) = queries.thanks_to_me(cast.actor("practitioner"))
    assert (mine.words, mine.idea_id, mine.is_to_me, mine.may_remove) == (
        WORDS,
        idea_id,
        True,
        True,
    )
    assert queries.thanks_to_me(cast.actor("colleague")) == []
    (told,) = [
        n for n in notices.notices(cast.actor("practitioner")) if n.kind is NoticeKind.THANKED
    ]
    assert (told.subject_id, told.words) == (made, "Florence says thank you")


def test_it_may_be_about_no_idea_and_is_then_between_the_two(cast):
    made = thank(cast)
    assert queries.one_thanks(cast.actor("practitioner"), made).idea_id is None
    assert queries.one_thanks(cast.actor("manager"), made).is_by_me
    for stranger in ("colleague", "coach", "outsider"):
        with pytest.raises(NotFound):
            queries.one_thanks(cast.actor(stranger), made)


def test_the_same_form_thanks_once(cast):
    assert thank(cast) == thank(cast, words="Sent again")
    assert len(db.session.execute(select(Thanks.id)).all()) == 1
    assert thank(cast, form_token="another") != thank(cast)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"to_id": 3}, "to_id"),  # the manager themself
        ({"to_id": 987_654}, "to_id"),
        ({"words": "  "}, "words"),
        ({"words": "x" * 501}, "words"),
    ],
)
def test_what_is_refused_in_words(cast, facts, field):
    if facts.get("to_id") == 3:
        facts = {"to_id": cast.manager}
    with pytest.raises(RuleBroken) as refused:
        thank(cast, **facts)
    assert [reason.field for reason in refused.value.reasons] == [field]


def test_nobody_of_another_organisation_is_thanked(cast):
    with pytest.raises(RuleBroken):
        thank(cast, to_id=cast.outsider)
    idea_id = bring_to(cast, Stage.DO)
    with pytest.raises(NotFound):
        thank(cast, "outsider", idea_id=idea_id)


def test_someone_who_only_keeps_the_accounts_is_refused(cast):
    with pytest.raises(Forbidden):
        thank(cast, "administrator")


def test_a_hidden_author_is_thanked_without_being_named(cast):
    idea_id = bring_to(cast, Stage.DO, hides_name=True)
    thank(cast, "colleague", idea_id=idea_id, to_id=THE_AUTHOR)
    (seen,) = queries.idea_page(cast.actor("colleague"), idea_id).thanks
    assert (seen.to.name, seen.to.id, seen.to.job_title) == ("A colleague", None, "")
    (mine,) = queries.thanks_to_me(cast.actor("practitioner"))
    assert (mine.by.name, mine.to.name) == ("Jo Sedge", "Amina Birch")


def test_naming_somebody_does_not_find_out_who_a_hidden_author_is(cast):
    idea_id = bring_to(cast, Stage.DO, hides_name=True)
    service.choose_lead(cast.actor("manager"), idea_id=idea_id, lead_id=None)
    for number, person in enumerate((cast.practitioner, cast.manager)):
        thank(cast, "colleague", idea_id=idea_id, to_id=person, form_token=f"guess {number}")
    assert queries.idea_page(cast.actor("colleague"), idea_id).thanks == ()
    (mine,) = queries.thanks_to_me(cast.actor("practitioner"))
    assert mine.idea_id is None


def test_an_author_who_is_hidden_thanks_as_a_colleague(cast):
    idea_id = bring_to(cast, Stage.DO, hides_name=True)
    thank(cast, "practitioner", idea_id=idea_id, to_id=cast.coach)
    service.choose_lead(cast.actor("manager"), idea_id=idea_id, lead_id=cast.colleague)
    thank(cast, "practitioner", idea_id=idea_id, to_id=cast.colleague, form_token="two")
    (mine,) = queries.thanks_to_me(cast.actor("colleague"))
    assert mine.by.name == "A colleague"
    assert notices.notices(cast.actor("colleague"))[0].words == "A colleague says thank you"


def test_an_idea_off_the_board_is_told_to_nobody_by_thanks(cast):
    idea_id = bring_to(cast, Stage.DO)
    db.session.execute(update(Idea).where(Idea.id == idea_id).values(is_on_board=False))
    with pytest.raises(RuleBroken):
        thank(cast, "coach", idea_id=idea_id, to_id=cast.colleague)
    thank(cast, "coach", idea_id=idea_id, to_id=cast.practitioner)
    assert len(queries.idea_page(cast.actor("coach"), idea_id).thanks) == 1
    with pytest.raises(NotFound):
        thank(cast, "colleague", idea_id=idea_id, to_id=cast.practitioner, form_token="two")


def test_the_sender_takes_it_back_within_a_day_with_its_notice(cast):
    made = thank(cast)
    assert service.remove_thanks(cast.actor("manager"), thanks_id=made) is None
    assert service.remove_thanks(cast.actor("manager"), thanks_id=made) is None
    assert queries.thanks_to_me(cast.actor("practitioner")) == []
    assert notices.notices(cast.actor("practitioner")) == []
    row = db.session.execute(select(Thanks)).scalar_one()
    assert row.words == ""


def test_after_a_day_it_is_theirs(cast):
    made = thank(cast, "colleague")
    with clock.moved(clock.now() + timedelta(hours=25)):
        assert not queries.one_thanks(cast.actor("colleague"), made).may_remove
        with pytest.raises(RuleBroken):
            service.remove_thanks(cast.actor("colleague"), thanks_id=made)
        service.remove_thanks(cast.actor("practitioner"), thanks_id=made)
    assert queries.thanks_to_me(cast.actor("practitioner")) == []


def test_a_manager_of_the_team_and_a_coach_may_remove_others_may_not(cast):
    idea_id = bring_to(cast, Stage.DO)
    first = thank(cast, "colleague", idea_id=idea_id)
    second = thank(cast, "colleague", idea_id=idea_id, form_token="two")
    with pytest.raises(Forbidden):
        service.remove_thanks(cast.actor("leader"), thanks_id=first)
    service.remove_thanks(cast.actor("manager"), thanks_id=first)
    assert service.remove_thanks(cast.actor("coach"), thanks_id=second) == idea_id
    assert queries.idea_page(cast.actor("leader"), idea_id).thanks == ()


def test_a_private_thank_you_is_not_there_for_a_bystander(cast):
    made = thank(cast, "colleague")
    for name in ("leader", "outsider", "manager", "coach"):
        with pytest.raises(NotFound):
            service.remove_thanks(cast.actor(name), thanks_id=made)


def test_both_acts_are_audited_without_their_words(cast):
    made = thank(cast)
    service.remove_thanks(cast.actor("manager"), thanks_id=made)
    db.session.commit()
    rows = db.session.execute(
        text("SELECT action, object_id, facts FROM audit_entries WHERE object_kind = 'thanks'")
    ).all()
    assert [row.action for row in rows] == ["thanks_said", "thanks_removed"]
    assert WORDS not in str(rows)
