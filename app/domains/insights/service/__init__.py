"""What a person can see over all rooms.

timeline  what happened around a rejection
figures   counts of what the rooms hold, and how far goals are
brief     what to carry into the next conversation
"""
