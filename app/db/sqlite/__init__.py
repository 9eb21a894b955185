"""SQLite without a thread hop per query: the `sqlite+inline` dialect and what it stands on."""
