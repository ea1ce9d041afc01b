"""What the completion report counts, and for whom."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from labtracker.completion.queries import completions_of
from labtracker.extensions import db
from labtracker.kit.statistics import Rate
from labtracker.reports import completion as report
from labtracker.reports.rules import Dimension
from labtracker.reports.words import headline
from tests.cast import NOW, Cast
from tests.completion.builders import hold
from tests.reports.builders import add_workers, trained_cohort
from tests.scheduling.builders import planned

STATES = ["complete", "complete", "incomplete", "withdrawn", "withdrawn_early", "no_show"]


def test_counts_follow_the_definitions(cast: Cast) -> None:
    trained_cohort(cast, STATES)
    (row,) = report.cohort_figures(cast.cora)
    total = report.figures([row])
    assert total.completion == Rate(2, 4)
    assert total.no_show == Rate(1, 5)
    assert total.attendance == Rate(4 * 300, 5 * 360, 5)
    assert total.withdrawn == 1
    assert (row.county_name, row.sub_area, row.last_on) == ("Pueblo", "Pueblo", date(2026, 4, 6))


def test_a_reviewer_sees_the_areas_of_their_center_and_no_others(cast: Cast) -> None:
    near = trained_cohort(cast, STATES)
    trained_cohort(cast, STATES, worksite=cast.dairy_site, employer=cast.dairy)
    assert [row.id for row in report.cohort_figures(cast.rita)] == [near.id]
    assert len(report.cohort_figures(cast.cora)) == 2
    assert report.cohort_figures(cast.emil) == []
    assert report.cohort_figures(cast.tom) == []


def test_filters_combine(cast: Cast) -> None:
    trained_cohort(cast, STATES, days_ago=7)
    trained_cohort(cast, STATES, days_ago=70, mode="campus", worksite=cast.campus)
    rows = report.cohort_figures(cast.cora)
    assert len(report.chosen(rows, report.Filters())) == 2
    assert [row.mode for row in report.chosen(rows, report.Filters(mode="campus"))] == ["campus"]
    assert report.chosen(rows, report.Filters(mode="campus", since=date(2026, 4, 1))) == []
    assert len(report.chosen(rows, report.Filters(month="2026-04", course="WLD-101", county="08101"))) == 1


def test_groups_add_up_to_the_whole(cast: Cast) -> None:
    trained_cohort(cast, STATES)
    trained_cohort(cast, ["complete"], mode="campus", worksite=cast.campus)
    rows = report.cohort_figures(cast.cora)
    groups = report.grouped(rows, Dimension.MODE).values()
    assert sum((group.completion for group in groups), Rate(0, 0)) == report.figures(rows).completion


def test_the_sentence_names_the_comparison(cast: Cast) -> None:
    trained_cohort(cast, ["complete", "complete", "complete", "incomplete"])
    trained_cohort(cast, ["complete", "incomplete"], mode="campus", worksite=cast.campus)
    rows = report.cohort_figures(cast.cora)
    words = headline(report.figures(rows), report.grouped(rows, Dimension.MODE))
    assert words == (
        "4 of 6 workers who started completed: 67% (30% to 90%). "
        "On employer sites 75% of 4. On campus 50% of 2."
    )


def test_nothing_closed_out_says_so(cast: Cast) -> None:
    assert "no completion rate" in headline(report.figures([]), {})


def test_two_employers_in_one_cohort_are_told_apart_and_add_up(cast: Cast) -> None:
    cohort = trained_cohort(cast, ["complete", "incomplete"])
    add_workers(cohort, ["complete", "no_show"], cast.dairy)
    rows = report.cohort_figures(cast.rita)
    assert {row.employer_name: (row.completers, row.starters, row.no_shows) for row in rows} == {
        "Plains Dairy": (1, 1, 1),
        "Steel Works": (1, 2, 0),
    }
    ((_row, total),) = report.by_cohort(rows)
    assert total == report.figures(rows)
    assert (total.completion, total.cohorts) == (Rate(2, 3), 1)
    (dairy,) = report.chosen(rows, report.Filters(employer=str(cast.dairy.id)))
    assert dairy.completers == 1


def test_a_cohort_is_dated_by_the_day_on_which_its_last_session_began(cast: Cast) -> None:
    cohort = trained_cohort(cast, ["complete"])
    night = cohort.sessions[0]
    # Ten in the evening of 30 June in Colorado, until six on 1 July: still the old program year.
    night.starts_at = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
    night.ends_at = night.starts_at + timedelta(hours=8)
    db.session.commit()
    (row,) = report.cohort_figures(cast.cora)
    assert (row.last_on, row.shift, row.month) == (date(2026, 6, 30), "night", "2026-06")


def test_decisions_of_a_coordinator_are_counted(cast: Cast) -> None:
    cohort = trained_cohort(cast, ["complete", "complete", "no_show"])
    for row in completions_of(cohort.id)[1:]:
        row.overridden = True
    db.session.commit()
    (found,) = report.cohort_figures(cast.cora)
    assert (found.decided, found.completers) == (1, 2)


def test_the_lab_that_came_is_known(cast: Cast) -> None:
    trained_cohort(cast, ["complete"])
    cohort = planned(cast, NOW).cohorts[0]
    db.session.commit()
    hold(cast, cohort.sessions[0], [])
    add_workers(cohort, ["in_progress"], cast.steel)
    labs = {row.name: row.lab_name for row in report.cohort_figures(cast.cora)}
    assert labs[cohort.name] == "Welding lab"
    assert sorted(labs.values()) == ["", "Welding lab"]
