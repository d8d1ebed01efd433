"""The work of a day in its order: a reminder goes by the terms and the hands of this very day."""

from validation.daily.due_reminders import DUE
from validation.daily.hands import LEFT, TIED
from validation.daily.holidays import HOLIDAYS
from validation.daily.unanswered import ASKED_AGAIN, UNANSWERED

STEPS = (UNANSWERED, ASKED_AGAIN, LEFT, TIED, HOLIDAYS, DUE)
