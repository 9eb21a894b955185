"""What a person does in this room: reflections, lessons, skill gaps, culture fit, prompts.

reflections   looking back
lessons       keeping a lesson, and using it
skill_gaps    noting what to learn, and learning it
culture_fits  comparing one's values with a company's
prompts       what to ask oneself
"""
