"""What people and organisations do with their API keys."""

from typing import Any
from uuid import UUID

from app.auth.caller import Service
from app.auth.errors import RoleMissing, SessionNeeded
from app.auth.keys import ApiKeys, owner_of_key
from app.auth.standing_in import capacity_of
from app.auth.terms import OrganizationRole
from app.db.references import unknown
from app.domains.accounts.errors import TooManyApiKeys
from app.domains.accounts.rules.api_keys import check_scopes, end_of_key
from app.domains.accounts.schemas import ApiKeyCreate, ApiKeyQuery
from app.domains.accounts.terms import MAX_KEYS
from app.kit.problems import NotFound


class ApiKeyService(Service):
    """Makes, lists and revokes keys, of the caller or of an organisation they administer."""

    async def list(self, query: ApiKeyQuery) -> Any:
        """The keys that are good.

        Raises:
            NotFound, RoleMissing, SessionNeeded: see `_keys`.
        """
        keys = await self._keys(query.organization_id)
        with self.transaction.reaching(keys.owner_id):
            return {"items": await keys.list(), "next_cursor": None}

    async def issue(self, body: ApiKeyCreate) -> Any:
        """Make a key, whose text is in the answer and never again.

        Raises:
            RoleMissing, SessionNeeded: see `_keys`.
            TooManyApiKeys: the owner has 20 already.
            Invalid: the caller has nothing to do with the organisation; a scope is beyond the
                caller or the owner; or the end cannot be this one.
        """
        try:
            keys = await self._keys(body.organization_id)
        except NotFound:
            raise unknown("/organization_id") from None
        is_own = self.caller.capacity is None and keys.owner_id == self.caller.owner_id
        check_scopes(body.scopes, self.caller.scopes, for_organization=not is_own)
        expires_at = end_of_key(body.expires_at, self.clock.now())
        with self.transaction.reaching(keys.owner_id):
            await keys.lock(self.caller)
            if len(await keys.list()) >= MAX_KEYS:
                raise TooManyApiKeys
            return await keys.make(body.name, body.scopes, expires_at)

    async def revoke(self, key_id: UUID) -> None:
        """Revoke a key.

        Raises:
            NotFound: there is none with that id that the caller may revoke.
        """
        owner_id = await owner_of_key(self.transaction, self.caller, key_id)
        with self.transaction.reaching(owner_id):
            await ApiKeys(self.transaction, owner_id).revoke(key_id)

    async def _keys(self, organization_id: UUID | None) -> ApiKeys:
        """The keys of the caller, or of the organisation the caller speaks for.

        Raises:
            NotFound: the caller has nothing to do with the organisation.
            RoleMissing: the caller is no admin of it.
            SessionNeeded: the caller is, but came with an API key.
        """
        owner_id = self.caller.owner_id
        if organization_id is not None:
            owner_id = organization_id
            capacity = await capacity_of(self.transaction, self.caller, organization_id)
            if capacity.role is not OrganizationRole.ADMIN:
                raise RoleMissing
            if not self.caller.is_program and self.caller.session_id is None:
                raise SessionNeeded
        return ApiKeys(self.transaction, owner_id)
