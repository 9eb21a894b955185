"""The operations of organisations and whom they accompany."""
