"""What a provider has to do, and when it may submit. No Flask, no database, no clock."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from core.errors import Refusal
from core.policy import Policy


class Origin(StrEnum):
    """Where a provider came from: known from the former register, or new."""

    MIGRATED = "migrated"
    NEW = "new"


class Source(StrEnum):
    """Where a company detail comes from."""

    TOKEN = "token"  # noqa: S105 -- a source, no secret
    TRADE_REGISTER = "kvk"
    OWN = "own"
    FORMER = "former"


SOURCE_NAMES = {
    Source.TOKEN: "Uit het inlogmiddel",
    Source.TRADE_REGISTER: "Uit het Handelsregister",
    Source.OWN: "Door de aanbieder ingevuld",
    Source.FORMER: "Uit het oude register",
}


class Standing(StrEnum):
    """How far a provider is; only an admitted one may submit."""

    INCOMPLETE = "incomplete"
    UNDECLARED = "undeclared"
    AWAITING_ADMISSION = "awaiting_admission"
    REJECTED = "rejected"
    ADMITTED = "admitted"
    SUSPENDED = "suspended"


STANDING_NAMES = {
    Standing.INCOMPLETE: "Aanmelding niet afgerond",
    Standing.UNDECLARED: "Kwaliteitseisen niet bevestigd",
    Standing.AWAITING_ADMISSION: "Wacht op toelating",
    Standing.REJECTED: "Toelating afgewezen",
    Standing.ADMITTED: "Toegelaten",
    Standing.SUSPENDED: "Geschorst",
}


class MemberRole(StrEnum):
    """What a member may do: an editor everything about activities, an administrator also what concerns the provider."""

    ADMINISTRATOR = "administrator"
    EDITOR = "editor"


ROLE_NAMES = {MemberRole.ADMINISTRATOR.value: "beheerder", MemberRole.EDITOR.value: "redacteur"}


def member_label(name: str, ordinal: int) -> str:
    """How colleagues see a member: by name, or by number as long as there is none."""
    return name or f"Medewerker {ordinal}"


class Task(StrEnum):
    """The parts of becoming a provider, in the order of the list."""

    DECLARATION = "declaration"
    DETAILS = "details"
    CONTACT = "contact"
    CONFIRMATION = "confirmation"


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a provider is, as facts: `open` are the codes of requirements that still have to be declared."""

    open: Collection[str]
    details_checked: bool
    contact_confirmed: bool
    confirmed: bool
    admitted: bool
    rejected: bool
    suspended: bool


class LastAdministrator(Refusal):
    """A provider without an administrator could not change anything about itself."""

    code = "last-administrator"

    def __init__(self) -> None:
        super().__init__("Er moet minstens één beheerder zijn. Maak eerst een collega beheerder.")


class Suspended(Refusal):
    """A suspended provider brings nothing new out."""

    code = "provider-suspended"

    def __init__(self) -> None:
        super().__init__("Uw organisatie is geschorst. U kunt nu niets publiceren.")


def open_requirements(policy: Policy, declared: Collection[str]) -> list[str]:
    """The codes of the requirements that still have to be declared, in the policy's order."""
    return [item.code for item in policy.requirements if item.code not in declared]


def done_tasks(progress: Progress) -> frozenset[Task]:
    """The tasks that are done; who is admitted has nothing left to confirm."""
    before = {
        Task.DECLARATION: not progress.open,
        Task.DETAILS: progress.details_checked,
        Task.CONTACT: progress.contact_confirmed,
    }
    done = {task for task, is_done in before.items() if is_done}
    return frozenset(done | ({Task.CONFIRMATION} if progress.confirmed or progress.admitted else set()))


def missing_tasks(progress: Progress) -> list[Task]:
    """What has to be done before the provider can confirm."""
    return [task for task in Task if task not in done_tasks(progress) | {Task.CONFIRMATION}]


def standing(progress: Progress) -> Standing:
    """Whether the provider may submit, and if not, what comes first.

    An admitted provider that has not declared the newest set must declare first; what else it has still to complete
    does not stop it, because it was admitted under what held then.
    """
    order = {
        Standing.SUSPENDED: progress.suspended,
        Standing.UNDECLARED: bool(progress.open) and (progress.admitted or progress.confirmed),
        Standing.ADMITTED: progress.admitted,
        Standing.REJECTED: progress.rejected,
        Standing.AWAITING_ADMISSION: progress.confirmed,
    }
    return next((name for name, applies in order.items() if applies), Standing.INCOMPLETE)
