/**
 * One person's way through Rebound, with the generated types.
 *
 *     node build/journey.js BASE_URL [UNRELIABLE_URL]
 *
 * `UNRELIABLE_URL` reaches the same server over a line on which answers get lost; without it,
 * nothing gets lost. Prints a line for each chapter and stops with an exit code of 1 at the first
 * surprise.
 */

import * as accepting from "./chapters/accepting.js";
import * as account from "./chapters/account.js";
import * as asking from "./chapters/asking.js";
import * as goingOn from "./chapters/going_on.js";
import * as lookingUp from "./chapters/looking_up.js";
import * as lostAnswers from "./chapters/lost_answers.js";
import * as reading from "./chapters/reading.js";
import * as reflecting from "./chapters/reflecting.js";
import * as refusals from "./chapters/refusals.js";
import * as relating from "./chapters/relating.js";
import * as takingStock from "./chapters/taking_stock.js";
import * as trusting from "./chapters/trusting.js";
import { connect, type Rebound, type Schemas, Stubborn } from "./rebound.js";
import { type AnyRecord, check } from "./story.js";

/** Tell the whole story: all but signing up and out goes over the unreliable line. */
async function main(baseUrl: string, unreliableUrl: string): Promise<void> {
  const line = new Stubborn();
  const visitor = connect(baseUrl, line);
  const email = await account.signUp(visitor);
  const tokens = await account.signIn(visitor, email);
  const rebound = connect(unreliableUrl, line, tokens.access_token);
  await account.allowCheckIns(rebound);
  console.log("account: signed up, signed in, consented to check-ins");

  const told = await liveThrough(rebound, connect(baseUrl, line, tokens.access_token));

  const kept = await lostAnswers.recordOnce(rebound, line);
  await lostAnswers.closeAndDeleteOnce(rebound, line, kept);
  const renewed = await lostAnswers.refreshOnce(rebound, tokens);
  console.log("lost_answers: recorded, closed, deleted and refreshed, each once");

  const later = connect(unreliableUrl, line, renewed.access_token);
  const records = takingStock.compare(told, await takingStock.readEverything(later));
  console.log(`taking_stock: ${records} records are stored as they were told`);
  console.log(`${line.requests} requests took ${line.attempts} attempts`);

  await account.signOut(connect(baseUrl, line, renewed.access_token));
  const last = await account.signIn(visitor, email);
  await account.deleteAccount(connect(baseUrl, line, last.access_token), last.account_id);
  console.log("goodbye: signed out, deleted the account");
}

/** The five stages; every record, as the last answer told it. `again` is a restarted app. */
async function liveThrough(rebound: Rebound, again: Rebound): Promise<AnyRecord[]> {
  const rejection = await accepting.recordWithOwnId(rebound);
  const plan = await accepting.findPlan(rebound, rejection.id);
  const checkIn = await accepting.checkIn(rebound, rejection.id, plan.id);
  await accepting.endPause(rebound, plan.id);
  const step = await accepting.doNext(rebound);
  console.log(
    `accepting: plan with ${plan.steps.length} steps, checked in, did '${step.title}'`,
  );

  await refusals.changeWhatHasChanged(rebound, step);
  await refusals.skipWhatIsDone(rebound, step);
  await refusals.forgetTheCompany(rebound);
  console.log("refusals: 412, 428, 409 and 422 explained themselves");

  const others = await reading.recordTwoMore(rebound);
  const pages = await reading.pageThrough(rebound, again);
  await reading.readWhatIsNew(rebound, rejection.id);
  const label = await reading.readGerman(rebound);
  console.log(`reading: ${pages} pages, one 304, '${label}' in German`);

  const questions = await asking.chooseQuestions(rebound, rejection);
  const letter = await asking.writeLetter(rebound, rejection, questions);
  const sent = await asking.ask(rebound, rejection, questions, letter);
  const [request, feedback] = await asking.listen(rebound, sent);
  console.log(
    `asking: ${questions.length} questions, an answer worth ${feedback.usefulness} of 5`,
  );

  const reflection = await reflecting.lookBack(rebound, rejection);
  const [lesson, ...lessons] = await reflecting.keepLessons(rebound, feedback, reflection);
  check(lesson !== undefined, "there is no lesson");
  const gap = await reflecting.nameGap(rebound, rejection);
  const fit = await reflecting.compareValues(rebound, rejection);
  console.log(
    `reflecting: 3 lessons, '${gap.name}' to learn, ${fit.alignment_percent} % of a fit`,
  );

  const met = await relating.remember(rebound, rejection);
  const note = await relating.thank(rebound, met, rejection);
  const contact = await relating.connect(rebound, met, note);
  const company = await relating.follow(rebound, rejection);
  const due = await relating.seeFollowUps(rebound, contact, company);
  console.log(
    `relating: thanked ${contact.name}, followed ${company.name}, ${due} to write to one day`,
  );

  const aim = await goingOn.aim(rebound);
  const invited = await goingOn.apply(rebound);
  const taught = await lookingUp.openBrief(rebound, invited, lesson);
  const ticked = await lookingUp.seeTicks(rebound, rejection, invited);
  const word = await lookingUp.find(rebound, fit);
  const reminder = await lookingUp.planReminders(rebound, invited);
  const used = await goingOn.useLesson(rebound, lesson, invited);
  const progress = await lookingUp.seeProgress(rebound, aim);
  console.log(
    `looking_up: ${taught} lessons in the brief, ${ticked} steps ticked, '${word}' found,` +
      ` ${progress.done} of ${progress.target} done, '${reminder}'`,
  );

  const opportunity = await goingOn.accept(rebound, invited);
  const stages = await goingOn.seeHistory(rebound, opportunity);
  const goal = await goingOn.achieve(rebound, aim);
  const event = await goingOn.meetPeople(rebound, contact);
  console.log(`going_on: ${stages.join(", ")}; '${goal.title}' is ${goal.status}`);

  await openUp(rebound, again, rejection);

  return [
    ...[rejection, ...others, checkIn, request, feedback],
    ...[reflection, used, ...lessons, gap, fit],
    ...[contact, note, company, goal, opportunity, event],
  ];
}

/** What others may see, and are told. */
async function openUp(
  rebound: Rebound,
  again: Rebound,
  rejection: Schemas["Rejection"],
): Promise<void> {
  const looks = await trusting.seeWhoLooks(rebound);
  const remark = await trusting.comment(rebound, rejection);
  const types = await trusting.listen(again);
  console.log(`trusting: ${looks} looks by others, '${remark.text}', ${types} types of events`);
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
