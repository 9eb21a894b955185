"""`python -m app` is `rebound`."""

from app.cli import main

main()
