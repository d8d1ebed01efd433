"""Which figures may not be told to everybody, because they would be about few. No Flask, no database, no clock."""

from collections.abc import Mapping

from validation.statistics.figures import Key

LEAST = 5  # decided cases; with fewer, who knows of one learns about another


def kept_back(decided: Mapping[Key, int]) -> set[Key]:
    """The groups to keep back beside a total: those of 1 to 4 decided cases.

    When all that are kept back are fewer than five together, the total minus the others would tell of them after all:
    then the smallest others are kept back, too.
    """
    hidden = {key for key, count in decided.items() if 0 < count < LEAST}
    others = sorted((key for key, count in decided.items() if count >= LEAST), key=lambda key: decided[key])
    while others and 0 < sum(decided[key] for key in hidden) < LEAST:
        hidden.add(others.pop(0))
    return hidden
