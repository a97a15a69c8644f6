"""Graded sign-off: which level signs an issue off, by where it came from and how grave it is."""

from governance.vocabulary import Severity, SignOffLevel, Source

FROM_ABOVE = frozenset({Source.CENTRAL_INSPECTION, Source.PROVINCIAL_INSPECTION, Source.CITY_HAND_OVER})

_LEVEL_BY_SEVERITY = {
    Severity.MINOR: SignOffLevel.TOWNSHIP,
    Severity.MAJOR: SignOffLevel.DEPARTMENT,
    Severity.SEVERE: SignOffLevel.BUREAU,
}
RISING = (SignOffLevel.TOWNSHIP, SignOffLevel.DEPARTMENT, SignOffLevel.BUREAU, SignOffLevel.ABOVE)


def sign_off_level(*, source: Source, severity: Severity, wanted: SignOffLevel | None = None) -> SignOffLevel:
    """Level that signs an issue off: what came from above is signed off above.

    Parameters
    ----------
    source, severity
    wanted : SignOffLevel, optional
        Asked for by a person; it may raise the level that follows from the severity, and never lowers it.

    Returns
    -------
    SignOffLevel
    """
    if source in FROM_ABOVE:
        return SignOffLevel.ABOVE
    usual = _LEVEL_BY_SEVERITY[severity]
    return max(usual, wanted or usual, key=RISING.index)
