"""Which changes of the contract break clients of an older one, and for whom, in plain sentences."""

from app.web.breaking.operations import Breakage, breaking_changes, parse_contract

__all__ = ["Breakage", "breaking_changes", "parse_contract"]
