"""The link in a rater's mail: whole and ours, or refused."""

import pytest

from cohorts.mail.signed_links import BadLink, nudge_token, read_nudge
from feedback360.rounds.rater_links import RaterLink, rater_token, read_rater, read_stop, stop_token
from tests.times import TODAY


def test_a_rater_link_says_whose_it_is():
    assert read_rater(rater_token(3, 41, 2)) == RaterLink(organisation_id=3, rater_id=41, version=2)


def test_a_damaged_rater_link_is_refused():
    token = rater_token(3, 41, 2)
    damaged = [
        token[:-1],
        token + "x",
        token.upper(),
        token.replace("41", "42"),
        "",
        "3-41-2",
        token.rpartition(".")[0],
    ]

    for text in damaged:
        with pytest.raises(BadLink):
            read_rater(text)


def test_rater_links_and_nudge_links_do_not_open_each_other():
    with pytest.raises(BadLink):
        read_rater(nudge_token(3, 41, TODAY, 2))
    with pytest.raises(BadLink):
        read_nudge(rater_token(3, 41, 2))


def test_links_that_answer_and_links_that_stop_mails_are_two():
    assert read_stop(stop_token(3, 41, 2)) == RaterLink(organisation_id=3, rater_id=41, version=2)
    with pytest.raises(BadLink):
        read_rater(stop_token(3, 41, 2))
    with pytest.raises(BadLink):
        read_stop(rater_token(3, 41, 2))
