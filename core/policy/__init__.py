"""The rules of a register as dated data. Pure values; `loading` reads them from files."""

from core.policy.calendar import Calendar, Stretch
from core.policy.hours import Hours
from core.policy.model import Policies, Policy, Procedure, TermRule

__all__ = ["Calendar", "Hours", "Policies", "Policy", "Procedure", "Stretch", "TermRule"]
