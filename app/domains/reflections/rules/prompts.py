"""Which questions fit a rejection, within the time that is there.

They ask how and what next: pondering that looks for a way on differs from brooding (Treynor,
Gonzalez & Nolen-Hoeksema 2003). The first one asks how the person is, the last one for a cue and an
action (Gollwitzer 1999).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Self

from app.domains.reflections.rules.data import PROMPTS, Prompt
from app.domains.reflections.terms import PromptPart
from app.domains.rejections.terms import DecidedBy, ReasonBasis, ReasonCode, RejectionStage

FIXED_PARTS = (PromptPart.CHECK_IN, PromptPart.NEXT_TIME)
"""The first and the last question, for which there is always time."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What the rules know of the rejection that is reflected on."""

    stage: RejectionStage
    decided_by: DecidedBy
    reasons: tuple[ReasonCode, ...]
    """Those the employer stated first, then those the person supposes."""

    @classmethod
    def of(
        cls,
        stage: RejectionStage,
        decided_by: DecidedBy,
        reasons: Iterable[Mapping[str, Any]],
    ) -> Self:
        """Put together from a rejection and its recorded reasons."""
        found = sorted(reasons, key=lambda reason: reason["basis"] != ReasonBasis.STATED)
        codes = tuple(ReasonCode(reason["code"]) for reason in found)
        return cls(stage=stage, decided_by=decided_by, reasons=codes)


def choose_prompts(subject: Subject | None, minutes: int) -> tuple[Prompt, ...]:
    """The questions, in the order in which they are asked; together they take no longer than that.

    The first and the last one always stand. Then, while there is time: one about the stage (or
    about the decision, where it was not the employer's), one about the first reason, those for
    everybody, and the rest about stage and reasons. Without a subject they are general.
    """
    chosen = {prompt for prompt in PROMPTS if prompt.part in FIXED_PARTS}
    left = minutes - sum(prompt.minutes for prompt in chosen)
    for prompt in _by_weight(subject):
        if prompt not in chosen and prompt.minutes <= left:
            chosen.add(prompt)
            left -= prompt.minutes
    return tuple(prompt for prompt in PROMPTS if prompt in chosen)


def fits_case(prompt: Prompt, subject: Subject) -> bool:
    """Whether a question is about how far the application came, or about who ended it."""
    if subject.decided_by is not DecidedBy.EMPLOYER:
        return subject.decided_by in prompt.decided_by
    return subject.stage in prompt.stages


def _by_weight(subject: Subject | None) -> Iterable[Prompt]:
    """Questions beside the fixed ones, the most fitting first; one can come twice."""
    common = [prompt for prompt in PROMPTS if prompt.for_everybody]
    if subject is None:
        return chain((prompt for prompt in PROMPTS if prompt.general), common)
    case = [prompt for prompt in PROMPTS if fits_case(prompt, subject)]
    reasons = [
        prompt for reason in subject.reasons for prompt in PROMPTS if reason in prompt.reasons
    ]
    return chain(case[:1], reasons[:1], common, case[1:], reasons[1:])
