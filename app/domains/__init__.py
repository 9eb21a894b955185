"""One package per room of the product; each has the same files and imports only downwards."""
