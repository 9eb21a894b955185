"""What a person does in this room: plans, steps, check-ins, next actions.

plans         starting, changing and ending plans
steps         adding, changing and ticking steps
check_ins     noting how one is, and what the two guards do with it
next_actions  what to do now
engine        carrying out what the rules decide: the one place that writes statuses
"""
