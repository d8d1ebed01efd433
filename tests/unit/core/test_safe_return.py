import pytest

from core.sign_in.oidc import safe_return


@pytest.mark.parametrize("address", ["/", "/aanbieder/activiteiten", "/zoeken?q=a&pagina=2#top", "/zoeken?q=http://x"])
def test_a_path_of_this_site_is_kept(address: str) -> None:
    assert safe_return(address, "/leraar") == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "https:/evil.example",
        "javascript:alert(1)",
        "evil.example",
        " //evil.example",
        "\t//evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\t\\evil.example",
        "/\r\\evil.example",
        "/\t/[",
        "//[",
    ],
)
def test_every_other_address_is_replaced(address: str | None) -> None:
    assert safe_return(address, "/leraar") == "/leraar"
