"""What every page of a case shows beside it: where it stands, what this person may do now, and what happened."""

from typing import Any

from core import clock
from core.access import Role, signed_in
from core.policy import Procedure
from core.policy.loading import current_policies
from validation.engine import actions_open_to, staff_hand, table_of
from validation.extending import extension_left
from validation.models import Case
from validation.timeline import timeline_of


def standing(case: Case) -> dict[str, Any]:
    """The variables of `committee/standing.html` and `committee/timeline.html`."""
    me, policy = signed_in(), current_policies().named(case.policy_id)
    return {
        "may": actions_open_to(case, me),
        "is_member": Role.COMMITTEE in me.roles,
        "is_leader": not me.roles.isdisjoint({Role.CHAIR, Role.BUREAU}),
        "is_mine": me.account_key in {case.handler, case.second} - {""},
        "took_part": bool(case.about_id) and not staff_hand(case, me).hands,
        "assessors": policy.decision.assessors if case.procedure == Procedure.VALIDATION else 1,
        "extension": extension_left(case, policy, clock.today()),
        "states": table_of(case).states,
        "today": clock.today(),
        "answer_by": policy.questions.last_day(clock.today()),
        "unanswered": policy.questions.unanswered,
        "events": timeline_of(case, with_inner=True),
    }
