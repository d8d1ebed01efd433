"""How often one address may ask: so many times a minute, counted by the `limits` library in this process."""

from http import HTTPStatus
from ipaddress import IPv6Address, IPv6Network, ip_address

from flask import Flask, g, request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.wrappers import Response

from core import clock
from core.errors import Refusal
from core.formatting import count_of
from core.requests import is_for_programs


class TooOften(Refusal):
    """The address has used up its minute."""

    code = "too-often"
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Wacht {count_of(seconds, 'seconde', 'seconden')} en probeer het dan opnieuw.")


def household(address: str) -> str:
    """Who asks: an address, or of IPv6 the network of 64 bits that one customer has all of."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(IPv6Network((found, 64), strict=False)) if isinstance(found, IPv6Address) else address


def init_limits(app: Flask, most: int) -> None:
    """Count what is asked of the interface, and say in every answer how much is left."""
    item, limiter = RateLimitItemPerMinute(most), FixedWindowRateLimiter(MemoryStorage())

    @app.before_request
    def count() -> None:
        if is_for_programs() and request.method != "OPTIONS":
            address = household(request.remote_addr or "")
            is_allowed = limiter.hit(item, address)
            until, left = limiter.get_window_stats(item, address)
            g.rate = {"Limit": most, "Remaining": left, "Reset": max(round(until - clock.now().timestamp()), 1)}
            if not is_allowed:
                raise TooOften(g.rate["Reset"])

    @app.after_request
    def tell(response: Response) -> Response:
        rate = g.get("rate", {})
        response.headers.extend([(f"RateLimit-{name}", str(value)) for name, value in rate.items()])
        if rate and response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            response.headers["Retry-After"] = str(rate["Reset"])
        return response
