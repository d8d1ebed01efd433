"""Where brokers put what they say about a person, and how they call the levels. Pure data and one walk.

Names and levels of the eToegang scheme: afsprakenstelsel.etoegang.nl. A path is a list of segments, because names hold
dots. The eIDAS levels cannot tell EH2 from EH2+, so each counts as the lowest that it may mean.
"""

from collections.abc import Mapping
from typing import Any

LEGAL_SUBJECT = "urn:etoegang:core:LegalSubjectID"
ACTING_SUBJECT = "urn:etoegang:core:ActingSubjectID"
BRANCH = "urn:etoegang:1.9:ServiceRestriction:Vestigingsnr"
COMPANY_NAME = "urn:etoegang:1.11:attribute-represented:CompanyName"
INTERMEDIARY = "urn:etoegang:1.9:IntermediateEntityID:KvKnr"
LEVEL_PREFIX = "urn:etoegang:core:assurance-class:"
EIDAS_PREFIX = "http://eidas.europa.eu/LoA/"

LEVELS = ("loa2", "loa2plus", "loa3", "loa4")  # lowest first
LEVEL_NAMES = {"loa2": "EH2", "loa2plus": "EH2+", "loa3": "EH3", "loa4": "EH4"}
LEVEL_OF = {
    **{LEVEL_PREFIX + level: level for level in LEVELS},
    EIDAS_PREFIX + "low": "loa2",
    EIDAS_PREFIX + "substantial": "loa3",
    EIDAS_PREFIX + "high": "loa4",
}

Path = tuple[str, ...]
Paths = Mapping[str, Path]
DEFAULT_PATHS: Mapping[str, Paths] = {
    "eherkenning": {
        "legal_subject": (LEGAL_SUBJECT,),
        "legal_subject_type": ("namequalifier",),
        "branch": (BRANCH,),
        "acting_subject": (ACTING_SUBJECT,),
        "company_name": (COMPANY_NAME,),
        "intermediary": (INTERMEDIARY,),
        "level": ("acr",),
    },
    "staff": {"name": ("name",), "roles": ("roles",), "email": ("email",)},
    "teacher": {"name": ("name",)},
}


def value_at(claims: Mapping[str, Any], path: Path) -> Any:
    """What stands at the path; None when there is nothing."""
    found: Any = claims
    for segment in path:
        found = found.get(segment) if isinstance(found, Mapping) else None
    return found
