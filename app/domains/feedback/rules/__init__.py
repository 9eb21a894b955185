"""Pure decisions about feedback and letters.

requests  the machine of feedback requests, and their days
feedback  what holds for feedback that came back
letters   what each kind of letter is checked for, and the checks
facts     what is certain about a letter: its name, role, placeholders and questions
phrases   finding phrases in what a person wrote
drafting  building a letter from what is known
data      the words, letters and questions that are kept as JSON
"""
