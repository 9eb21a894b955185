/**
 * One person's way through Rebound, with the generated types.
 *
 *     node build/journey.js BASE_URL [UNRELIABLE_URL]
 *
 * `UNRELIABLE_URL` reaches the same server over a line on which answers get lost; without it,
 * nothing gets lost. Prints a line for each chapter and stops with an exit code of 1 at the first
 * surprise.
 */

import * as account from "./chapters/account.js";
import * as lostAnswers from "./chapters/lost_answers.js";
import * as reading from "./chapters/reading.js";
import * as recording from "./chapters/recording.js";
import * as recovering from "./chapters/recovering.js";
import * as refusals from "./chapters/refusals.js";
import { connect } from "./rebound.js";

async function main(baseUrl: string, unreliableUrl: string): Promise<void> {
  const visitor = connect(baseUrl);
  const email = await account.signUp(visitor);
  const tokens = await account.signIn(visitor, email);

  const rebound = connect(baseUrl, tokens.access_token);
  await account.allowCheckIns(rebound);
  console.log("account: signed up, signed in, consented to check-ins");

  const rejection = await recording.recordWithOwnId(rebound);
  const plan = await recording.findPlan(rebound, rejection.id);
  console.log(`recording: ${rejection.company_name}, plan with ${plan.steps.length} steps`);

  await recovering.checkIn(rebound, rejection.id, plan.id);
  await recovering.endPause(rebound, plan.id);
  const step = await recovering.doNext(rebound);
  console.log(`recovering: checked in, did '${step.title}'`);

  await refusals.changeWhatHasChanged(rebound, step);
  await refusals.skipWhatIsDone(rebound, step);
  await refusals.forgetTheCompany(rebound);
  console.log("refusals: 412, 428, 409 and 422 explained themselves");

  const restarted = connect(baseUrl, tokens.access_token);
  const pages = await reading.pageThrough(rebound, restarted);
  await reading.readWhatIsNew(rebound, rejection.id);
  const label = await reading.readGerman(rebound);
  console.log(`reading: ${pages} pages, one 304, '${label}' in German`);

  const stubborn = new lostAnswers.Stubborn();
  const line = connect(unreliableUrl, tokens.access_token, stubborn.fetch);
  const kept = await lostAnswers.recordOnce(line, stubborn);
  await lostAnswers.closeAndDeleteOnce(line, stubborn, kept);
  const renewed = await lostAnswers.refreshOnce(
    connect(unreliableUrl, undefined, stubborn.fetch),
    tokens,
  );
  console.log(
    `lost_answers: 5 requests took ${stubborn.attempts} attempts, each was carried out once`,
  );

  await account.signOut(connect(baseUrl, renewed.access_token));
  const last = await account.signIn(visitor, email);
  await account.deleteAccount(connect(baseUrl, last.access_token), last.account_id);
  console.log("goodbye: signed out, deleted the account");
}

const [baseUrl, unreliableUrl = baseUrl] = process.argv.slice(2);
if (baseUrl === undefined || unreliableUrl === undefined) {
  console.error("usage: node build/journey.js BASE_URL [UNRELIABLE_URL]");
  process.exitCode = 2;
} else {
  try {
    await main(baseUrl, unreliableUrl);
  } catch (error) {
    console.error("The journey ends early:", error);
    process.exitCode = 1;
  }
}
