/** Stage B, ask for feedback: two good questions, a letter that is checked, an open mind. */

import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";

import type { Rebound, Schemas } from "../rebound.js";
import { check, etagOf, expect, findingsOf, refused } from "../story.js";

type Rejection = Schemas["Rejection"];
type Request = Schemas["FeedbackRequest"];

/** Take two questions for this stage from the bank, each answered in a sentence. */
export async function chooseQuestions(rebound: Rebound, rejection: Rejection): Promise<string[]> {
  const query = { stage: rejection.stage };
  const bank = expect(await rebound.GET("/v1/question-bank", { params: { query } }), 200).items;
  return (["critical_thinking", "speaking"] as const).map((competency) => {
    const found = bank.find((question) => question.competency === competency);
    check(found !== undefined, `no question about ${competency}`);
    return found.text;
  });
}

/** Have the letter drafted, change it, have it checked. Nothing is stored, nothing is sent. */
export async function writeLetter(
  rebound: Rebound,
  rejection: Rejection,
  questions: string[],
): Promise<Schemas["MessageDraft"]> {
  const wanted: Schemas["MessageDraftCreate"] = {
    kind: "feedback_request",
    rejection_id: rejection.id,
    contact_name: "Mara Winter",
    sender_name: "Robin",
    questions,
  };
  const draft = expect(await rebound.POST("/v1/message-drafts", { body: wanted }), 200);
  check(
    questions.every((question) => draft.body.includes(question)),
    draft.body,
  );

  const angry: Schemas["MessageCheckCreate"] = {
    kind: draft.kind,
    subject: draft.subject,
    body: `${draft.body}\n\nP.S. Your decision is wrong.`,
  };
  const checked = expect(await rebound.POST("/v1/message-checks", { body: angry }), 200);
  const failed = checked.items.filter((one) => one.outcome === "failed").map((one) => one.rule);
  check(failed.includes("no_arguing"), `failed: ${failed}`);
  return draft;
}

/** Keep the request, send the letter from one's own mail program, and say so. */
export async function ask(
  rebound: Rebound,
  rejection: Rejection,
  questions: string[],
  letter: Schemas["MessageDraft"],
): Promise<Request> {
  const said: Schemas["FeedbackRequestCreate"] = {
    id: randomUUID(),
    rejection_id: rejection.id,
    channel: "email",
    questions,
    subject: letter.subject,
    message: letter.body,
  };
  const request = expect(await rebound.POST("/v1/feedback-requests", { body: said }), 201);
  check(request.id === said.id, "the id is the server's");
  check(request.status === "draft", "it is more than a draft");
  const changed = await rebound.PATCH("/v1/feedback-requests/{feedback_request_id}", {
    params: {
      path: { feedback_request_id: request.id },
      header: { "If-Match": etagOf(request) },
    },
    body: { status: "sent" },
  });
  const sent = expect(changed, 200);
  check(sent.nudge_on !== null, "no day for a friendly reminder");
  check(sent.closes_on !== null, "it would wait for ever");
  return sent;
}

/** Keep the answer word for word, say it in one's own words, and only then judge it. */
export async function listen(
  rebound: Rebound,
  request: Request,
): Promise<[Request, Schemas["Feedback"]]> {
  const said: Schemas["FeedbackCreate"] = {
    id: randomUUID(),
    rejection_id: request.rejection_id,
    request_id: request.id,
    source: "reply",
    verbatim: "You were well prepared. In the case we missed how you got to your numbers.",
  };
  const heard = expect(await rebound.POST("/v1/feedback", { body: said }), 201);
  const params = { path: { feedback_id: heard.id }, header: { "If-Match": etagOf(heard) } };
  const hasty = await rebound.PATCH("/v1/feedback/{feedback_id}", {
    params,
    body: { usefulness: 1 },
  });
  const found = findingsOf(refused(hasty, 422, "invalid"));
  check(isDeepStrictEqual(found, ["/usefulness restate_first"]), `found ${found}`);

  const changed = await rebound.PATCH("/v1/feedback/{feedback_id}", {
    params,
    body: {
      restated: "Prepared: yes. I should show the way to my numbers.",
      usefulness: 4,
      points: [
        {
          competency: "analysis",
          direction: "improvement",
          statement: "Show the steps between the data and the result.",
          quote: "we missed how you got to your numbers",
          actionable: true,
        },
      ],
    },
  });
  const feedback = expect(changed, 200);
  check(feedback.verbatim === said.verbatim, "their words were changed");

  // The feedback has answered the request, which is a new revision: read it again.
  const foundAgain = await rebound.GET("/v1/feedback-requests/{feedback_request_id}", {
    params: { path: { feedback_request_id: request.id } },
  });
  const answered = expect(foundAgain, 200);
  check(answered.status === "received", `it is ${answered.status}`);
  return [answered, feedback];
}
