"""Pure building blocks: no I/O, no framework, nothing above them is imported."""
