"""What a person and those who accompany them say to each other on a record.

A comment belongs to the person, whoever wrote it, and to the category of the record it is about.
"""
