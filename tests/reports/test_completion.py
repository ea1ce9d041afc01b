"""What the completion report counts, and for whom."""

from __future__ import annotations

from datetime import date

from labtracker.kit.statistics import Rate
from labtracker.reports import completion as report
from labtracker.reports.words import headline
from tests.cast import Cast
from tests.reports.builders import trained_cohort

STATES = ["complete", "complete", "incomplete", "withdrawn", "withdrawn_early", "no_show"]


def test_counts_follow_the_definitions(cast: Cast) -> None:
    trained_cohort(cast, STATES)
    (row,) = report.cohort_figures(cast.cora)
    total = report.figures([row])
    assert total.completion == Rate(2, 4)
    assert total.no_show == Rate(1, 5)
    assert total.attendance == Rate(4 * 300, 5 * 360)
    assert total.withdrawn == 1
    assert (row.county, row.sub_area, row.last_on) == ("Pueblo", "Pueblo", date(2026, 4, 6))


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
    groups = report.grouped(rows, "mode").values()
    assert sum((group.completion for group in groups), Rate(0, 0)) == report.figures(rows).completion


def test_the_sentence_names_the_comparison(cast: Cast) -> None:
    trained_cohort(cast, ["complete", "complete", "complete", "incomplete"])
    trained_cohort(cast, ["complete", "incomplete"], mode="campus", worksite=cast.campus)
    rows = report.cohort_figures(cast.cora)
    words = headline(report.figures(rows), report.grouped(rows, "mode"))
    assert words == (
        "4 of 6 workers who started completed: 67% (30% to 90%). On employer sites 75%. On campus 50%."
    )


def test_nothing_closed_out_says_so(cast: Cast) -> None:
    assert "no completion rate" in headline(report.figures([]), {})
