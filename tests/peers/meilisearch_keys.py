"""Who may do what on the Meilisearch double: a master key makes keys, and each has actions and names of indexes."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.peers.meilisearch_state import Fault, now

MASTER = "master-key-of-the-double"


@dataclass(frozen=True)
class Key:
    """What a bearer may do; both lists may end in a star."""

    actions: tuple[str, ...]
    indexes: tuple[str, ...]

    def may(self, action: str, uid: str | None) -> bool:
        """`uid` is None for what is about no index in particular."""
        return _fits(self.actions, action) and (uid is None or _fits(self.indexes, uid))

    @property
    def sees_all(self) -> bool:
        return "*" in self.indexes


class Keys:
    """By the value that is sent."""

    def __init__(self) -> None:
        self._keys = {MASTER: Key(("*",), ("*",))}

    def make(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        for name in ("actions", "indexes", "expiresAt"):
            if name not in wanted:
                code = f"missing_api_key_{name.replace('At', '_at').lower()}"
                raise Fault(400, code, f"Missing field `{name}`")
        uid = str(wanted.get("uid") or uuid4())
        value = hmac.new(MASTER.encode(), uid.encode(), hashlib.sha256).hexdigest()
        self._keys[value] = Key(tuple(wanted["actions"]), tuple(wanted["indexes"]))
        known = {"name": None, "description": None} | dict(wanted)
        return known | {"uid": uid, "key": value, "createdAt": now(), "updatedAt": now()}

    def bearer(self, header: str | None) -> Key:
        if header is None:
            message = "The Authorization header is missing. It must use the bearer authorization method."
            raise Fault(401, "missing_authorization_header", message, "auth")
        key = self._keys.get(header.removeprefix("Bearer "))
        if key is None:
            raise forbidden()
        return key


def forbidden() -> Fault:
    return Fault(403, "invalid_api_key", "The provided API key is invalid.", "auth")


def _fits(patterns: tuple[str, ...], name: str) -> bool:
    return any(name.startswith(one[:-1]) if one.endswith("*") else name == one for one in patterns)
