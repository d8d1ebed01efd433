"""Making providers and their members known. Called inside a transaction."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select, update

from core.access import Identity, Role
from core.audit import Actor, Data, record
from core.db import add_unless_there, db
from core.outbox import enqueue
from core.sign_in.refusals import SignInRefused
from core.sign_in.sessions import change_roles
from providers.models import Member, Provider
from providers.queries import find_provider, locked_provider
from providers.rules import LastAdministrator, MemberRole, Origin, Source

PROVIDER_ARRIVED = "provider.arrived"  # its details can be fetched from the trade register
ROLES = {
    MemberRole.ADMINISTRATOR: frozenset({Role.PROVIDER, Role.ADMINISTRATOR}),
    MemberRole.EDITOR: frozenset({Role.PROVIDER}),
}


class NumberReplaced(SignInRefused):
    """A number from before a takeover: who came with it before still may, but it lets nobody new in."""

    code = "sign-in-number-replaced"
    title = "Dit KvK-nummer is vervangen"

    def __init__(self, kvk_number: str) -> None:
        super().__init__(
            f"In het register staat deze organisatie nu onder KvK-nummer {kvk_number}."
            " Log in met eHerkenning voor dat nummer. Klopt dit niet? Neem contact op met het bureau van het register."
        )


def arrive(identity: Identity, now: datetime) -> Identity:
    """Somebody signed in for a company: make both known if they are new; two colleagues may arrive at once.

    Raises `NumberReplaced`.
    """
    provider = find_provider(identity.kvk_number, identity.branch)
    if provider is None:
        provider = add_provider(
            identity.kvk_number, identity.name, Origin.NEW, branch=identity.branch, by=identity.actor, now=now
        )
    member = _member(provider, identity, now)
    # Not through the object: coming in is no change that a colleague's open page has to know.
    seen = {"last_seen_at": now, "intermediary": identity.intermediary}
    db.session.execute(update(Member).where(Member.id == member.id).values(seen))
    return replace(identity, name=provider.name, roles=ROLES[MemberRole(member.role)])


def add_provider(kvk_number: str, name: str, origin: Origin, *, branch: str = "", by: Actor, now: datetime) -> Provider:
    """Make a provider known; the one that somebody else just added is as good."""
    provider = Provider(
        kvk_number=kvk_number,
        branch=branch,
        name=name[:200],
        origin=origin,
        sources={"name": Source.TOKEN if origin is Origin.NEW else Source.FORMER},
        created_at=now,
    )
    if not add_unless_there(provider):
        return db.session.scalars(select(Provider).filter_by(kvk_number=kvk_number, branch=branch)).one()
    record("provider.added", f"provider:{provider.id}", by=by, at=now, data={"origin": origin})
    return provider


def change_role(member: Member, role: MemberRole, *, by: Actor, now: datetime) -> None:
    """Give a member another role, also in the sessions that are open. Raises `LastAdministrator`."""
    if member.role == role:
        return
    locked_provider(member.provider_id)  # two administrators may step down at once
    others = select(func.count()).select_from(Member).filter_by(provider_id=member.provider_id, role="administrator")
    if role is MemberRole.EDITOR and db.session.scalar(others.where(Member.id != member.id)) == 0:
        raise LastAdministrator
    member.role = role
    change_roles(member.account_key, ROLES[role])
    data: Data = {"member": member.id, "ordinal": member.ordinal, "role": role}
    record("member.role-changed", f"provider:{member.provider_id}", by=by, at=now, data=data)


def name_member(member: Member, name: str, *, by: Actor, now: datetime) -> None:
    """Let colleagues see a name in the place of a number."""
    member.name = name
    data: Data = {"member": member.id, "ordinal": member.ordinal}
    record("member.named", f"provider:{member.provider_id}", by=by, at=now, data=data)


def _member(provider: Provider, identity: Identity, now: datetime) -> Member:
    locked_provider(provider.id)  # of two who come first at the same moment, one is the first
    known = db.session.scalar(select(Member).filter_by(account_key=identity.account_key))
    if known is not None:
        return known
    if (provider.kvk_number, provider.branch) != (identity.kvk_number, identity.branch):
        raise NumberReplaced(provider.kvk_number)
    count = db.session.scalar(select(func.max(Member.ordinal)).filter_by(provider_id=provider.id)) or 0
    role = MemberRole.EDITOR if count else MemberRole.ADMINISTRATOR
    member = Member(
        provider_id=provider.id,
        account_key=identity.account_key,
        ordinal=count + 1,
        role=role,
        first_seen_at=now,
        last_seen_at=now,
    )
    db.session.add(member)
    db.session.flush()
    if not count:
        enqueue(PROVIDER_ARRIVED, str(provider.id), occasion="first", due=now)
    data: Data = {"member": member.id, "ordinal": member.ordinal, "role": role}
    record("member.added", f"provider:{provider.id}", by=identity.actor, at=now, data=data)
    return member


def move_members(source: Provider, target: Provider) -> None:
    """Let the members of one provider be members of another, as editors where that one has an administrator."""
    count = db.session.scalar(select(func.max(Member.ordinal)).filter_by(provider_id=target.id)) or 0
    for member in db.session.scalars(select(Member).filter_by(provider_id=source.id).order_by(Member.ordinal)):
        member.provider_id, member.ordinal = target.id, member.ordinal + count
        if count:
            member.role = MemberRole.EDITOR
            change_roles(member.account_key, ROLES[MemberRole.EDITOR])
