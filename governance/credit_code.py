"""Unified social credit codes: form and check character of GB 32100-2015."""

from governance.errors import InvalidInput

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
_WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))


def check_character(body: str) -> str:
    """Check character of the first 17 characters of a code.

    Parameters
    ----------
    body : str
        17 characters of the standard's alphabet (digits and capitals without I, O, S, V, Z).

    Returns
    -------
    str
        One character; GB 32100-2015, 5.2: weights 3**i mod 31, complement to 31.
    """
    total = sum(weight * ALPHABET.index(char) for weight, char in zip(_WEIGHTS, body, strict=True))
    return ALPHABET[-total % 31]


def require_credit_code(code: str) -> str:
    """The code in capitals without blanks, if it is one.

    Raises
    ------
    InvalidInput
        Wrong length, a character outside the alphabet, or a wrong check character.
    """
    text = code.strip().upper()
    if len(text) != LENGTH:
        raise InvalidInput(
            "credit_code_length",
            "The credit code {code} has {length} characters; allowed: 18",
            code=code,
            length=len(text),
        )
    foreign = sorted(set(text) - set(ALPHABET))
    if foreign:
        raise InvalidInput(
            "credit_code_characters",
            "The credit code {code} holds {foreign}; allowed: digits and capitals without I, O, S, V, Z",
            code=code,
            foreign=" ".join(foreign),
        )
    expected = check_character(text[:-1])
    if text[-1] != expected:
        raise InvalidInput(
            "credit_code_check",
            "The credit code {code} ends with {last}; by GB 32100 it would have to be {expected}",
            code=code,
            last=text[-1],
            expected=expected,
        )
    return text
