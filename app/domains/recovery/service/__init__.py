"""What a person does in this room: plans, steps, check-ins, next actions.

plans         starting, changing and ending plans
steps         adding, changing and ticking steps
check_ins     noting how one is, and what the two guards do with it
ticking       completing and reopening steps by what a person does elsewhere
offers        everything there is to do, gathered from all rooms
next_actions  what to do now, and what to be reminded of later
engine        carrying out what the rules decide: the one place that writes statuses
"""
