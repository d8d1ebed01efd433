"""The rules of a register as dated data. Pure values; `loading` reads them from files."""

from core.policy.calendar import Calendar, Stretch
from core.policy.hours import Hours
from core.policy.model import Length, Policies, Policy, Procedure, TermRule, TermUnit

__all__ = ["Calendar", "Hours", "Length", "Policies", "Policy", "Procedure", "Stretch", "TermRule", "TermUnit"]
