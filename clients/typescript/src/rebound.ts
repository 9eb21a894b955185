/** The typed client: `openapi-fetch` with the types that `openapi-typescript` made. */

import createClient, { type Client } from "openapi-fetch";

import type { components, paths } from "../generated/rebound.js";

export type Rebound = Client<paths>;
export type Schemas = components["schemas"];

type Fetch = (request: Request) => Promise<Response>;

/** A client for one server; without a token it can only do what needs no sign-in. */
export function connect(baseUrl: string, token?: string, fetch: Fetch = globalThis.fetch): Rebound {
  return createClient<paths>({
    baseUrl,
    fetch,
    headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
  });
}
