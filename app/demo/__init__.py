"""Sample data: one invented person's four months of looking for work, told up to today.

In the end an organisation accompanies them, which is as invented as they are.

Everything is written through the same use cases that the API serves, at the moments at which a
person would have done it. The texts stand in the JSON files beside this module; people, companies
and quotations in them are invented, and every rejection carries the tag `sample`.

story        reads the files and sets what they tell on days relative to today
acts         the use case behind each thing that the story tells
person       the account, its profile and a session
organization the organisation, the person's consent, and a key
filling      carries the story out, in the order of time
"""

from app.demo.filling import DemoPerson, fill

__all__ = ["DemoPerson", "fill"]
