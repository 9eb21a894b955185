"""The pure decisions of this room.

machines   which status can follow which, and what changes with it
days       which days nobody can have lived through yet
alignment  how well a company fits a person's values, by a documented formula
sources    where a lesson comes from, on the wire and in its columns
prompts    which questions fit a rejection, within the time that is there
data       the prompts and writing exercises, kept as JSON with their sources
"""
