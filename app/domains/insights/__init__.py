"""Insights: read-only answers over the rooms below; it owns no table and states no event.

The timeline is one statement over every collection that registers itself (`app.db.timeline`), so
it grows with the rooms and not with this one.
"""
