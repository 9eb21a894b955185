"""Search: finding one's own records by their words; it owns no table and states no event.

The words are kept by `app.db.words` for every table that registers there, so the room grows with
the rooms below it and not by itself. Check-ins, steps and plans are not searched: what a check-in
says stays in the check-in.
"""
