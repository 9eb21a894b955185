/**
 * The typed client on a bad line: it repeats a request until an answer comes.
 *
 * An app does not know whether a request without an answer was carried out. Rebound is made so that
 * it can simply repeat it: the same POST with the same `Idempotency-Key`, the same PATCH with the
 * same `If-Match`, every GET and DELETE.
 */

import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import createClient, { type Client } from "openapi-fetch";

// Made by `openapi-typescript` from the contract.
import type { components, paths } from "../generated/rebound.js";

export type Rebound = Client<paths>;
export type Schemas = components["schemas"];

const MAX_ATTEMPTS = 3;
/** Short, for this journey is a test too; an app waits a second at first. */
const FIRST_WAIT_MS = 20;

/** Sends each request three times at most, and counts requests and attempts. */
export class Stubborn {
  requests = 0;
  attempts = 0;

  /** Send until an answer comes; a refusal is an answer too. */
  readonly fetch = async (request: Request): Promise<Response> => {
    this.requests++;
    if (request.method === "POST" && !request.headers.has("Idempotency-Key")) {
      // Made once, before the first attempt: by it, the server knows the repetition.
      request.headers.set("Idempotency-Key", randomUUID());
    }
    for (let attempt = 1; ; attempt++) {
      this.attempts++;
      try {
        // A body can be sent only once, so each attempt sends a copy.
        return await fetch(request.clone());
      } catch (error) {
        // `fetch` throws when there is no answer at all.
        if (attempt === MAX_ATTEMPTS) {
          throw error;
        }
        await sleep(FIRST_WAIT_MS * attempt);
      }
    }
  };
}

/** A client for one server; without a token it can only do what needs no sign-in. */
export function connect(baseUrl: string, line: Stubborn, token?: string): Rebound {
  return createClient<paths>({
    baseUrl,
    fetch: line.fetch,
    headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
  });
}
