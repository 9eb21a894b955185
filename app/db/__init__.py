"""Everything that speaks SQL without knowing a domain: engine, types, transactions."""
