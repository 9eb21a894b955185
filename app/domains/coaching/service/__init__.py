"""The use cases of organisations and whom they accompany."""
