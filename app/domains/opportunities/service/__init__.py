"""What a person does in this room: opportunities and goals.

opportunities  going for a role, and where that stands
endings        what a rejection does to the opportunity it names
history        the changes of status behind both
goals          setting and reaching goals
"""
