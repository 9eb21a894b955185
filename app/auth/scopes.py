"""What a token may do. There are no wildcards."""

from enum import StrEnum


class Scope(StrEnum):
    """One permission, as it stands in a token and in the contract."""

    PROFILE_READ = "profile:read"
    PROFILE_WRITE = "profile:write"
    REJECTIONS_READ = "rejections:read"
    REJECTIONS_WRITE = "rejections:write"
    PLANS_READ = "plans:read"
    PLANS_WRITE = "plans:write"
    WELLBEING_READ = "wellbeing:read"
    WELLBEING_WRITE = "wellbeing:write"
    FEEDBACK_READ = "feedback:read"
    FEEDBACK_WRITE = "feedback:write"
    REFLECTIONS_READ = "reflections:read"
    REFLECTIONS_WRITE = "reflections:write"
    NETWORK_READ = "network:read"
    NETWORK_WRITE = "network:write"
    OPPORTUNITIES_READ = "opportunities:read"
    OPPORTUNITIES_WRITE = "opportunities:write"
    INSIGHTS_READ = "insights:read"
    SEARCH_READ = "search:read"
    COMMENTS_READ = "comments:read"
    COMMENTS_WRITE = "comments:write"
    JOBS_READ = "jobs:read"
    GRANTS_MANAGE = "grants:manage"
    ACCESS_LOG_READ = "access_log:read"
    KEYS_MANAGE = "keys:manage"
    WEBHOOKS_MANAGE = "webhooks:manage"
    ORG_READ = "org:read"
    ORG_WRITE = "org:write"


SESSION_SCOPES = frozenset(Scope)
"""A person who signed in may do everything with their own records."""

SCOPES_OF_PEOPLE = SESSION_SCOPES - {Scope.ORG_READ, Scope.ORG_WRITE}
"""What a person's own key may hold: whoever works for an organisation signs in for its affairs."""

SCOPES_OF_ORGANIZATIONS = SESSION_SCOPES - {Scope.PROFILE_WRITE, Scope.ACCESS_LOG_READ}
"""What an organisation's key may hold: no consent covers a change of the profile, and the access
log is for nobody but the person."""
