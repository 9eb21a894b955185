"""HTTP words for organisations."""
