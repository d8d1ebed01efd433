"""What others ask of an activity that its provider mends. The packages above, which know, add themselves."""

from collections.abc import Callable, Sequence

from catalogue.models import Activity
from catalogue.reasons import Reason

sources: list[Callable[[Activity], Sequence[Reason]]] = []


def remarks_about(activity: Activity) -> list[Reason]:
    """To stand beside the form; none of them keeps anything from being submitted. One without a field is a text."""
    return [remark for source in sources for remark in source(activity)]
