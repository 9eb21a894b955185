"""The use cases of organisations."""
