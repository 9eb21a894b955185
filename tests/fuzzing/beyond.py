"""What the contract's schemas cannot say of a value, by the finding with which it is refused.

A request can fit the contract and still be told one of these in a 400 or 422. A finding is named by
its code, or where other fields have the same code for what a schema can say, by field and code. The
runner fails over a line of which nothing was met in a run, so that none outlives what it excuses.
"""

from collections.abc import Mapping
from typing import Any

REASONS: Mapping[str, frozenset[str]] = {
    "only the server gives it out": frozenset(
        {"invalid-cursor", "invitation-refused", "mailed-token-refused", "unknown"}
    ),
    "it belongs to an earlier request": frozenset({"idempotency-key-reused"}),
    "others keep the list of what is good": frozenset(
        {"/country rule", "time_zone", "unknown_template", "weak_password"}
    ),
    "no message could ever be sent there": frozenset(
        {"address_inside", "malformed_url", "not_https", "port_refused"}
    ),
    "it does not go with another value, or with today": frozenset(
        {
            "/account_id missing",
            "/company_name missing",
            "/conclusion missing",
            "/contact_id missing",
            "/quiet_hours rule",
            "/rejection_id missing",
            "/role missing",
            "/title missing",
            "after_nudge",
            "before_sent",
            "beyond_own",
            "circular",
            "ends_before_start",
            "in_the_future",
            "in_the_past",
            "not_active",
            "not_applied",
            "not_closed",
            "not_done",
            "not_reserved",
            "not_for_owner",
            "not_sent",
            "not_skipped",
            "one_of_two",
            "one_of",
            "only_for_clients",
            "only_for_members",
            "other_rejection",
            "period_too_long",
            "repeated_item",
            "reserved",
            "restate_first",
            "too_late",
            "second_template",
            "unchanged",
        }
    ),
}
EXCUSED = frozenset[str]().union(*REASONS.values())


def excuses(problem: Mapping[str, Any]) -> set[str]:
    """The excuses for a refusal, or none if anything in it could have been in a schema."""
    code = str(problem.get("type", "")).rpartition("/")[2]
    findings = [
        {one["code"], f"{one['pointer']} {one['code']}"} for one in problem.get("errors", ())
    ]
    found = [names & EXCUSED for names in findings or [{code}]]
    return set().union(*found) if all(found) else set()


def unmet(met: Mapping[str, int]) -> list[str]:
    """The reasons of which nothing was met."""
    return [reason for reason, excused in REASONS.items() if not excused & met.keys()]
