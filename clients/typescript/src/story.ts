/** What all chapters use: a strict reading of answers. */

import type { Schemas } from "./rebound.js";

/** What every record has. */
export interface AnyRecord {
  id: string;
  revision: number;
}

/** What every method of the client resolves to: one of `data` and `error`, by the status. */
interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** Something was answered that the story does not expect. */
export class Surprise extends Error {}

/** The data of an answer, which has this status. */
export function expect<Data>(answer: Answer<Data>, status: number): NonNullable<Data> {
  if (answer.response.status !== status || answer.data === undefined || answer.data === null) {
    throw new Surprise(`expected ${status}, got ${told(answer)}`);
  }
  return answer.data;
}

/** Make sure that an answer has this status and no body. */
export function expectEmpty(answer: Answer<unknown>, status: number): void {
  check(answer.response.status === status, `expected ${status}, got ${told(answer)}`);
  check(!answer.data && !answer.error, `${status} came with a body`);
}

/** The problem document of a refusal; `code` is the last part of its `type`. */
export function refused(
  answer: { data?: unknown; error?: Schemas["Problem"]; response: Response },
  status: number,
  code: string,
): Schemas["Problem"] {
  if (answer.response.status !== status || answer.error === undefined) {
    throw new Surprise(`expected to be refused with ${status}, got ${told(answer)}`);
  }
  check(answer.error.type === `/problems/${code}`, `${answer.error.type} instead of ${code}`);
  return answer.error;
}

/** Where the problem lies: the pointer and the code of each finding. */
export function findingsOf(problem: Schemas["Problem"]): string[] {
  return (problem.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`);
}

/** The ETag of a record as it was read, for `If-Match`: its revision in quotes. */
export function etagOf(record: AnyRecord): string {
  return `"${record.revision}"`;
}

/** The ETag in the header of an answer, which is the same. */
export function etagIn(answer: { response: Response }): string {
  return answer.response.headers.get("ETag") ?? surprise("an answer without an ETag");
}

/** Ask for the first page, and then with each `next_cursor` until there is none. */
export async function everyPage<Page extends { next_cursor: string | null }>(
  ask: (from: { cursor?: string }) => Promise<Answer<Page>>,
): Promise<Page[]> {
  const pages = [expect(await ask({}), 200)];
  for (let cursor = pages[0]?.next_cursor; cursor; cursor = pages.at(-1)?.next_cursor) {
    pages.push(expect(await ask({ cursor }), 200));
  }
  return pages;
}

/** Stop the story where something does not hold. */
export function check(holds: boolean, otherwise: string): asserts holds {
  if (!holds) {
    surprise(otherwise);
  }
}

function surprise(what: string): never {
  throw new Surprise(what);
}

function told(answer: Answer<unknown>): string {
  return `${answer.response.status}: ${JSON.stringify(answer.error ?? answer.data)}`;
}
