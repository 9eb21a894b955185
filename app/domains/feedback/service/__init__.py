"""What a person does in this room.

requests    asking for feedback, and how that ends
feedback    keeping what came back
overdue     the worker's part: closing requests that nobody answered
letters     drafting and checking letters, and the question bank
"""
