"""Prints how well each rule tells letters that break it from letters that respect it."""

import sys

from tests.domains.feedback.letters.corpus import as_text, table

sys.stdout.write(f"{as_text(table())}\n")
