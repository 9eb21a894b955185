"""The statements of organisations and whom they accompany."""
