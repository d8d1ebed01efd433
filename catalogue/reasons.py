"""What every rule about an activity says: one sentence per code, beside the form, for the committee and in a letter.

A reason is kept as `field:code`, so that the sentence can lead to its field. Pure.
"""

from dataclasses import dataclass

from core.policy import Policy
from core.policy.hours import share_in_words, step_in_words

# In the order of the form; a word in braces is a value of the policy.
SENTENCES = {
    "title:missing": "Vul de naam van de activiteit in.",
    "title:duplicate": "Er is nog een activiteit met dezelfde naam. Kies een naam die het verschil laat zien.",
    "type:missing": "Kies het soort activiteit dat het best past.",
    "sectors:missing": "Kies de sectoren waarvoor de activiteit is, minstens 1.",
    "description:missing": "Beschrijf de activiteit en waarom die belangrijk is voor de leraar.",
    "description:short": "De omschrijving is korter dan {shortest} tekens. Vertel meer: wat doet de leraar,"
    " en wat hebben leerlingen daaraan?",
    "goal:missing": "Beschrijf het doel: wat kan de leraar na afloop?",
    "programme:missing": "Beschrijf het programma: wat komt aan bod, per bijeenkomst of dagdeel?",
    "planning:missing": "Beschrijf de planning: hoe zijn de contacturen verdeeld?",
    "contact_hours:missing": "Contacturen: vul een getal in, bijvoorbeeld 12 of 12,5. Geen uren? Vul 0 in.",
    "contact_hours:out-of-range": "Contacturen: vul een aantal tussen 0 en {most} in.",
    "contact_hours:step": "Contacturen: rond af op {step}.",
    "contact_hours:no-hours": "Vul bij elkaar meer dan 0 uur in.",
    "contact_hours:unusual": "Het aantal uren is ongewoon voor dit soort activiteit. Controleer of het klopt.",
    "self_study_hours:missing": "Zelfstudie-uren: vul een getal in, bijvoorbeeld 12 of 12,5. Geen uren? Vul 0 in.",
    "self_study_hours:out-of-range": "Zelfstudie-uren: vul een aantal tussen 0 en {most} in.",
    "self_study_hours:step": "Zelfstudie-uren: rond af op {step}.",
    "self_study_account:no-account": "Leg uit waaraan de leraar de zelfstudie-uren besteedt.",
    "closing_test:no-closing-test": "Meer dan {share} is zelfstudie. Beschrijf de afsluitende toets, het tentamen of"
    " de opdracht.",
    "ends_on:ended": "De einddatum is voorbij. Pas die aan of maak het veld leeg.",
    "ends_on:order": "De einddatum ligt voor de startdatum.",
}
# What was submitted is never without these, so nobody needs them to explain a decision.
KEPT_OUT = frozenset(
    {
        "title:missing",
        "contact_hours:missing",
        "contact_hours:out-of-range",
        "contact_hours:step",
        "contact_hours:no-hours",
        "self_study_hours:missing",
        "self_study_hours:out-of-range",
        "self_study_hours:step",
        "ends_on:order",
    }
)
CRITERION = "criterion:"
CRITERION_FIELD = "description"  # there a provider makes clear why the activity matters


@dataclass(frozen=True)
class Reason:
    """Why something was not approved, as a sentence that leads to the field where it can be put right."""

    code: str
    field: str
    text: str


def sentence(code: str, policy: Policy) -> str:
    """What a `field:code` says under a policy; the code itself when nobody knows it any more."""
    return SENTENCES.get(code, code).format(
        shortest=policy.hints.shortest_description,
        most=f"{policy.hours.most_per_part:,f}".translate(str.maketrans(",.", ".,")),
        step=step_in_words(policy.hours.step),
        share=share_in_words(policy.hours.closing_test_above_share),
    )


def reason(code: str, policy: Policy) -> Reason:
    """One reason of a decision, also a criterion that was not met."""
    if not code.startswith(CRITERION):
        return Reason(code, code.partition(":")[0], sentence(code, policy))
    item = next((item for item in policy.criteria if CRITERION + item.code == code), None)
    text = f"Laat in de omschrijving zien dat dit geldt: ‘{item.name}’." if item else code
    return Reason(code, CRITERION_FIELD, text)


def offered(policy: Policy) -> list[Reason]:
    """Everything that can be said of a submitted activity, in the order of the form, the criteria last."""
    criteria = [CRITERION + item.code for item in policy.criteria]
    return [reason(code, policy) for code in (*(code for code in SENTENCES if code not in KEPT_OUT), *criteria)]
