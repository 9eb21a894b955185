"""Every competency has a family, and an element of O*NET of its own."""

import re

from app.kit.competencies import FAMILY_OF, ONET_ELEMENT_OF, Competency, CompetencyFamily


def test_every_competency_is_mapped_and_every_family_used() -> None:
    assert set(FAMILY_OF) == set(ONET_ELEMENT_OF) == set(Competency)
    assert set(FAMILY_OF.values()) == set(CompetencyFamily)


def test_no_two_competencies_are_one_element() -> None:
    elements = list(ONET_ELEMENT_OF.values())
    assert len(set(elements)) == len(elements)
    assert all(re.fullmatch(r"2\.[ABC](\.\d\.[a-z])?", element) for element in elements)
