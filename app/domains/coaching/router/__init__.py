"""The operations of organisations."""
