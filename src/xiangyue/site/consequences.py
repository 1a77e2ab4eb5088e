"""What follows from what: the one table of acts in lower rooms and those above that follow them.

Set once by `SiteConfig.ready`; a follower runs in the act's own transaction.
"""

from __future__ import annotations

from xiangyue.base.consequences import tie


def tie_all() -> None:
    """Tie every event to its followers."""
    from xiangyue.agreements import burden
    from xiangyue.captures import intake
    from xiangyue.duties import following as duties
    from xiangyue.people import following as people
    from xiangyue.standings import live
    from xiangyue.standings.actions import pairs, publishing
    from xiangyue.standings.closed import closed_among, closed_question, closed_told
    from xiangyue.standings.notices.kinds import tie_kinds
    from xiangyue.standings.weighing import duties_weighing

    tie_kinds(publishing.KIND)
    tie("sheets_totalled", live.totals_changed)
    tie("form_handed_in", burden.form_handed_in)
    tie("pair_consents_revoked", pairs.consents_revoked)
    tie("sheets_recounted", live.forget)
    intake.ask_closed(closed_among, closed_question, closed_told)
    tie("places_planning", people.places_planning, duties.places_planning)
    tie("states_changed", live.states_changed)
    tie("households_taken_in", live.forget)
    tie("places_moved", people.places_moved, duties.places_moved, live.forget)
    tie("households_left", duties.households_left, live.forget)
    tie("places_restoring", people.places_restoring, duties.places_restoring)
    tie("places_restored", live.forget)
    tie("duties_weighing", duties_weighing)
    _tie_visits()
    _tie_problems()
    _tie_rewards()
    _tie_reviews()
    _tie_ratings()


def _tie_visits() -> None:
    from django.conf import settings

    if settings.LEAN:
        # a command without pages asks nobody for visits
        return
    from xiangyue.desk.happened import VERBS
    from xiangyue.site.office.acts import ACTS

    # a row's history has words for every act; what a desk itself does is said there as on every desk
    VERBS.update((act, words) for act, words in ACTS.items() if not {act, act.rpartition(".")[2]} & VERBS.keys())
    from xiangyue.checks import dispatch_lines as checks
    from xiangyue.checks import spots as spots_checked
    from xiangyue.checks.doors import doors_asked
    from xiangyue.checks.handbook import handbook_told
    from xiangyue.problems import dispatch_lines as problems
    from xiangyue.problems import spots as spots_open

    tie("doors_asked", doors_asked)
    tie("handbook_told", handbook_told)
    tie("spots_told", spots_checked.spots_told, spots_open.spots_told)
    tie("dispatch_told", checks.dispatch_told, problems.dispatch_told)


def _tie_problems() -> None:
    from django.conf import settings

    if settings.LEAN:
        # a command without pages records no sheet
        return
    from xiangyue.problems import checks_found, faults, wishes
    from xiangyue.problems.inspections_found import inspection_faults
    from xiangyue.standings import live

    tie("sheets_totalled", live.totals_changed, checks_found.sheets_totalled)
    tie("wish_handed_on", wishes.wish_handed_on)
    tie("problem_page_asked", wishes.problem_page_asked)
    tie("inspection_faults", inspection_faults)
    tie("faults_told", faults.faults_told)


def _tie_reviews() -> None:
    from django.conf import settings

    if settings.LEAN:
        # a command without pages records no sheet and proposes no stage
        return
    from xiangyue.base.scope import either, hide
    from xiangyue.checks import permits
    from xiangyue.checks.inspections.seeing import hidden_until_shown
    from xiangyue.checks.models import Check
    from xiangyue.standings.notices.kinds import tie_kinds
    from xiangyue.standings.reviews.hiding import hidden_sheets
    from xiangyue.standings.reviews.notice import REVIEW_STAGE
    from xiangyue.standings.reviews.turns import ReviewGuard

    permits.place_guard(ReviewGuard())
    hide(Check, either(hidden_sheets, hidden_until_shown))
    tie_kinds(REVIEW_STAGE)


def _tie_rewards() -> None:
    from django.conf import settings

    if settings.LEAN:
        # a command without pages proposes no list
        return
    from xiangyue.rewards.honour_publishing import HONOUR_KIND
    from xiangyue.rewards.publishing import KINDS
    from xiangyue.standings.notices.kinds import tie_kinds

    tie_kinds(*KINDS, HONOUR_KIND)


def _tie_ratings() -> None:
    from django.conf import settings

    if settings.LEAN:
        # a command without pages puts no stars on notice
        return
    from xiangyue.standings.notices.kinds import tie_kinds
    from xiangyue.standings.ratings.notice import RATING
    from xiangyue.standings.ratings.watching import WATCH_LIST

    tie_kinds(RATING, WATCH_LIST)
