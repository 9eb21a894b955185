"""Jobs: work on many rows that goes on after the answer, such as inviting a whole class.

A room queues a job with its rows, and registers in `app.main` what is done for each row. A worker
takes a job for a short time (its lease) and works on one row after the other, each in a transaction
of its own together with its result.

Invariants:
- Rows are worked on in their order, so that the next one is that at `succeeded + failed`.
- A row and its result are stored together: killing a worker loses no row and doubles none.
- What was sent is forgotten row by row, as soon as the row has its result.
"""
