"""Insights: answers over the rooms below. It owns no table and states no event of its own.

Invariants:
- Every figure says on how many records it rests, and whether that is enough to be conclusive.
- Days, weeks and months are those of the person, wherever they live and whatever their clocks do.
- Figures are counted by pure rules from outlines, one statement for each collection.
- How somebody was is told only to whoever may read check-ins.

The timeline is one statement over every collection that registers itself (`app.db.timeline`), so
it grows with the rooms and not with this one. Opening a preparation brief is a fact of the
opportunity's room.
"""
