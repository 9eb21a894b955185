"""Pure readings of records: each counts rows that other rooms outline, in the person's days.

timeline    the moments that a rejection itself tells
figures     what all figures share: the period, the sample, shares, means
rejections  how far applications came, why and how they ended
feedback    how often somebody asks and answers, and what comes back
wellbeing   mood and energy by week
learning    lessons, gaps and reflections
network     people, follow-ups and occasions
goals       what counts for a goal, and how far each is
brief       what to carry into the next conversation
"""
