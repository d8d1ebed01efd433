"""What counts as an e-mail address, for forms and for letters alike. Pure."""

import re

LONGEST = 254  # RFC 5321, 4.5.3.1.3: a path has 256 symbols, two of which are its brackets
LONGEST_LOCAL = 64  # RFC 5321, 4.5.3.1.1

# The atoms of RFC 5322 without the question mark: after "=?" many programs begin to decode.
ATOM = r"[A-Za-z0-9!#$%&'*+/=^_`{|}~-]+"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ADDRESS = re.compile(rf"({ATOM}(?:\.{ATOM})*)@((?:{LABEL}\.)+)({LABEL})")


def is_address(text: str) -> bool:
    """Whether mail can be sent there: plain ASCII, one @, a dot in the domain, nothing around it.

    Narrower than the standards. Quoted names, comments and bare IP addresses are refused, and so are symbols such as
    é: not every mail server accepts those before the @, and after it the form that servers use works too (xn--...).
    """
    found = ADDRESS.fullmatch(text) if len(text) <= LONGEST else None
    return found is not None and len(found[1]) <= LONGEST_LOCAL and not found[3].isdigit()
