"""The statements of organisations: their own row, who belongs to them, and whom they invited."""
