"""The wire shapes of this room.

requests  asking for feedback
feedback  what came back
letters   drafting and checking letters, and the question bank
"""
