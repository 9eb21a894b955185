"""The wire shapes of organisations."""
