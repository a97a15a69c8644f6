"""What the wall shows, step after step: the district, each leader's zones, each township."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from governance.errors import InvalidInput


class StepKind(StrEnum):
    """What a step of the wall is about."""

    DISTRICT = "district"
    LEADER = "leader"
    TOWNSHIP = "township"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the wall.

    Attributes
    ----------
    code
        The leader's person code or the township's zone code; empty for the district.
    """

    kind: StepKind
    code: str = ""

    @property
    def name(self) -> str:
        """The step's name in addresses: ``district``, ``leader.<person code>`` or ``township.<zone code>``."""
        return f"{self.kind.value}.{self.code}" if self.code else self.kind.value


DISTRICT_STEP: Final = Step(StepKind.DISTRICT)


def step_of(name: str) -> Step:
    """The step that an address names; whether its leader or township exists is not asked here.

    Raises
    ------
    InvalidInput
        ``no_wall_step``: the name is none of the three forms.
    """
    kind, dot, code = name.partition(".")
    is_whole = kind == StepKind.DISTRICT and not dot
    if not is_whole and (kind not in {StepKind.LEADER, StepKind.TOWNSHIP} or not code):
        raise InvalidInput(
            "no_wall_step",
            "{name} names no step of the wall; allowed: district, leader.code, township.code",
            name=name,
        )
    return Step(StepKind(kind), code)
