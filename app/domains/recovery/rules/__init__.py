"""The pure decisions of the workflow engine: plain facts in, plain changes out.

facts         what the rules know of plans, steps and check-ins, and the changes they answer with
machines      which status can follow which
templates     which steps a plan begins with, and on which days they are due
pause         how long a plan keeps quiet at first
standing      what a record stands for: the table of facts that tick steps
ticking       which steps a record completes, and which it reopens when that is undone
closing       what closing and reopening a rejection does, and when a plan is complete
candidates    what could be offered as a next action
next_actions  what is offered now, in which order, and how much of it
reminders     when a phone may remind of something
check_ins     when a check-in can have been
distress      the dwelling guard and the support card
data          the texts and addresses that are kept as JSON
"""
