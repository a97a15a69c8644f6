"""What the rules of an issue's life must know beside the issue's own fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from governance.loop_numbers import USUAL, LoopNumbers
from governance.vocabulary import EvidenceKind, Stage


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the rules must know beside the issue's own fields.

    Attributes
    ----------
    evidence
        Kinds of evidence that lie with the issue; after photos and reports of the present round only.
    open_milestones
        Steps of the long-term plan that are not reached yet.
    took_part
        Person field of the issue → everybody who was recorded in it since the issue was last opened: who checked
        first took part too when somebody else checked again.
    duplicate
        Stage of the issue that this one is to be merged into; None when it is not asked for.
    numbers
        The district's numbers.
    """

    evidence: frozenset[EvidenceKind] = frozenset()
    open_milestones: int = 0
    took_part: Mapping[str, frozenset[int]] = field(default_factory=lambda: MappingProxyType({}))
    duplicate: Stage | None = None
    numbers: LoopNumbers = USUAL


NO_FACTS = Facts()
