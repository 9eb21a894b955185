"""HTTP, once for all rooms: the Route, problems, conditional requests, limits, the contract."""
