"""A state machine as a table: the guard, the buttons, the docs and the tests read the same one. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from core.errors import Refusal

State = TypeVar("State", bound=StrEnum)
Action = TypeVar("Action", bound=StrEnum)


class ActionNotAllowed(Refusal):
    """The thing is not in a state in which this can be done, often because somebody was faster."""

    code = "action-not-allowed"


@dataclass(frozen=True)
class Transitions(Generic[State, Action]):
    """What may happen to one kind of thing; a pair that is not in the table is refused."""

    thing: str  # as a sentence names it: "de zaak"
    names: Mapping[State, str]
    table: Mapping[tuple[State, Action], State]

    def after(self, state: State, action: Action) -> State:
        """The state after an action. Raises `ActionNotAllowed`."""
        if (state, action) not in self.table:
            raise ActionNotAllowed(f"Dit kan niet, want {self.thing} heeft de status ‘{self.names[state].lower()}’.")
        return self.table[state, action]

    def may(self, state: State, action: Action) -> bool:
        """Whether to offer the button."""
        return (state, action) in self.table
