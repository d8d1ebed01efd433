"""Why somebody may not come in. Each has its own code, and says what happened and what to do."""

from http import HTTPStatus

from core.errors import Refusal

AGAIN = "Begin opnieuw; blijft dit gebeuren, neem dan contact op met het register."


class SignInRefused(Refusal):
    """The person came back from the sign-in provider, but may not enter."""

    code = "sign-in-refused"
    status = HTTPStatus.FORBIDDEN
    title = "Inloggen is niet gelukt"


class SignInCancelled(SignInRefused):
    """The person chose not to sign in."""

    code = "sign-in-cancelled"

    def __init__(self) -> None:
        super().__init__("U hebt het inloggen afgebroken. U kunt opnieuw inloggen wanneer u wilt.")


class SignInUnreachable(SignInRefused):
    """The sign-in provider does not answer, or not sensibly."""

    code = "sign-in-unreachable"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = "De inlogdienst is niet bereikbaar"

    def __init__(self) -> None:
        super().__init__("De inlogdienst geeft nu geen antwoord. Probeer het over een paar minuten opnieuw.")


class UnknownReturn(SignInRefused):
    """The browser came back with a sign-in that it did not begin, that was used already, or that took too long."""

    code = "sign-in-unknown-return"
    title = "Deze poging om in te loggen is verlopen"

    def __init__(self) -> None:
        super().__init__("Wij kennen deze poging niet, of u hebt die al gebruikt. " + AGAIN)


class TokenRefused(SignInRefused):
    """What the provider answered does not stand up to the checks."""

    code = "sign-in-token-refused"

    def __init__(self) -> None:
        super().__init__("De inlogdienst gaf een antwoord dat wij niet kunnen vertrouwen. " + AGAIN)


class ProviderRefused(SignInRefused):
    """The provider itself would not sign the person in."""

    code = "sign-in-provider-refused"

    def __init__(self) -> None:
        super().__init__("De inlogdienst heeft het inloggen geweigerd. " + AGAIN)


class LevelTooLow(SignInRefused):
    """The level of assurance is below what the policy asks, or nobody can tell."""

    code = "sign-in-level-too-low"
    title = "Uw inlogmiddel heeft een te laag niveau"

    def __init__(self, needed: str, received: str) -> None:
        super().__init__(
            f"Voor het register hebt u eHerkenning niveau {needed} of hoger nodig. U logde in met: {received}."
            " Vraag uw leverancier van eHerkenning om een hoger niveau en log daarna opnieuw in."
        )


class ClaimMissing(SignInRefused):
    """A fact that we cannot do without is missing or no text."""

    code = "sign-in-claim-missing"
    title = "Er ontbreekt een gegeven"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Bij het inloggen ontbrak een gegeven ({name}). Meld dit aan de leverancier van uw inlogmiddel."
        )


class CompanyUnfit(SignInRefused):
    """The company cannot be told from the claims."""

    code = "sign-in-company-unfit"
    title = "Wij kunnen uw organisatie niet vaststellen"


class NoRole(SignInRefused):
    """A member of staff without a role here."""

    code = "sign-in-no-role"
    title = "Uw account heeft geen rol"

    def __init__(self) -> None:
        super().__init__(
            "Uw account heeft geen rol in het register. Vraag uw beheerder om de rol van commissielid of bureau."
        )


class SessionEnded(Refusal):
    """The person sent a form after the session had ended; it was kept, and waits behind the sign-in."""

    code = "session-ended"
    status = HTTPStatus.FORBIDDEN
    title = "Uw sessie is afgelopen"

    def __init__(self, sign_in_address: str) -> None:
        self.link = (sign_in_address, "Opnieuw inloggen")
        super().__init__(
            "U bent uitgelogd, maar wat u invulde is bewaard. Log opnieuw in, dan kunt u het alsnog versturen."
        )
