"""The form of Dutch company numbers, kept as text for their leading zeros; no check digit is publicly known."""

import re

KVK_NUMBER = re.compile(r"[0-9]{8}")
BRANCH_NUMBER = re.compile(r"[0-9]{12}")
