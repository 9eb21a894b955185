"""The wire shapes of organisations and whom they accompany."""
