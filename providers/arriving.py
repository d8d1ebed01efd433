"""Making providers and their members known. Called inside a transaction."""

from datetime import datetime

from sqlalchemy import func, select, update

from core.access import Identity, Role
from core.audit import Actor, Data, record
from core.db import add_unless_there, db
from core.outbox import enqueue
from core.sign_in.sessions import change_roles
from providers.models import Member, Provider
from providers.queries import find_provider, locked_provider
from providers.rules import LastAdministrator, MemberRole, Origin

PROVIDER_ARRIVED = "provider.arrived"  # its details can be fetched from the trade register
ROLES = {
    MemberRole.ADMINISTRATOR: frozenset({Role.PROVIDER, Role.ADMINISTRATOR}),
    MemberRole.EDITOR: frozenset({Role.PROVIDER}),
}


def arrive(identity: Identity, now: datetime) -> Identity:
    """Somebody signed in for a company: make both known if they are new; two colleagues may arrive at once."""
    provider = find_provider(identity.kvk_number, identity.branch)
    if provider is None:
        provider = add_provider(
            identity.kvk_number, identity.name, Origin.NEW, branch=identity.branch, by=identity.actor, now=now
        )
    member = _member(provider, identity, now)
    member.last_seen_at = now
    return identity.with_roles(ROLES[MemberRole(member.role)])


def add_provider(kvk_number: str, name: str, origin: Origin, *, branch: str = "", by: Actor, now: datetime) -> Provider:
    """Make a provider known; the one that somebody else just added is as good."""
    provider = Provider(
        kvk_number=kvk_number,
        branch=branch,
        name=name[:200],
        origin=origin,
        sources={"name": "token" if origin is Origin.NEW else "former"},
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
    record(
        "member.role-changed", f"provider:{member.provider_id}", by=by, at=now, data={"member": member.id, "role": role}
    )


def name_member(member: Member, name: str, *, by: Actor, now: datetime) -> None:
    """Let colleagues see a name in the place of a number."""
    member.name = name
    record("member.named", f"provider:{member.provider_id}", by=by, at=now, data={"member": member.id})


def _member(provider: Provider, identity: Identity, now: datetime) -> Member:
    known = db.session.scalar(select(Member).filter_by(account_key=identity.account_key))
    if known is not None:
        return known
    locked_provider(provider.id)  # of two who come first at the same moment, one is the first
    known = db.session.scalar(select(Member).filter_by(account_key=identity.account_key))
    if known is not None:
        return known
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
    data: Data = {"member": member.id, "role": role}
    record("member.added", f"provider:{provider.id}", by=identity.actor, at=now, data=data)
    return member


def move_members(source: Provider, target: Provider) -> None:
    """Let the members of one provider be members of another; those who came first there stay its administrators."""
    count = db.session.scalar(select(func.max(Member.ordinal)).filter_by(provider_id=target.id)) or 0
    query = update(Member).where(Member.provider_id == source.id)
    db.session.execute(query.values(provider_id=target.id, ordinal=Member.ordinal + count))
