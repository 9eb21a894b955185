"""What the contract says first: the product for whoever builds on it, and the tags.

The tags stand in the order of a person's way: arrive, record the "no", be well, go on.
"""

DESCRIPTION = """\
Rebound is what a person does after a job rejection: take time, ask for feedback, reflect, keep the
relationship, go on. This API is all a mobile app, a web page or a coaching platform needs for that.

### The way through

1. `POST /v1/accounts` and `POST /v1/sessions` give a person an account and your app a token.
2. `POST /v1/rejections` records a "no"; company and stage are enough. A plan that fits it starts by
   itself and leaves the person alone while they pause.
3. `GET /v1/next-actions` is the home screen: a few things to do now, never many, each with the
   operation that settles it.
4. `PATCH /v1/recovery-steps/{step_id}` ticks a step; what you record elsewhere ticks its own.
5. `POST /v1/check-ins` notes how they are, once they have agreed to that.
6. `POST /v1/message-drafts` helps to thank and to ask for feedback, `POST /v1/feedback` keeps what
   comes back, `POST /v1/reflections` and `POST /v1/lessons` carry it forward,
   `GET /v1/follow-ups` keeps relationships warm, and `POST /v1/opportunities` goes on.
7. `GET /v1/opportunities/{opportunity_id}/preparation-brief` brings it all to the next interview,
   and `GET /v1/insights/overview` shows what adds up.
8. `GET /v1/search` finds anything again by its words.

### What holds everywhere

- **Ids** are UUIDs. You may choose the `id` of a record yourself, so that an app can create records
  offline: the same id with the same values again answers 200, with other values 409.
- **Time**: date-times are RFC 3339 with an offset and come back in UTC; days are `YYYY-MM-DD` and
  are counted in the person's time zone. Set `time_zone` when they sign up.
- **Lists** answer `items` and `next_cursor`. Send it back as `cursor`, with the same filters, until
  it is null. A cursor stays good; you can go on tomorrow where you stopped.
- **Changing**: PATCH is a JSON Merge Patch: what you send replaces, null clears, the rest stays.
  PATCH and DELETE want `If-Match` with the `ETag` you read (or the `revision` in quotes), so that
  two devices never overwrite each other unseen: 412 means read again, then decide.
- **Bad networks**: every write can be repeated. Give each POST an `Idempotency-Key`; after a lost
  answer send the very same request again, and nothing is stored twice. Signing in and refreshing
  tokens ignore the key and can be repeated all the same. A repeated DELETE answers 404: it is gone.
- **Saving data**: send the `ETag` you hold as `If-None-Match` and get 304 while nothing has
  changed. Every GET answers HEAD too. Answers over 1 kB come in brotli or gzip.
- **Refusals** are `application/problem+json` (RFC 9457): show `title`, act on `type`, and for 422
  point at the fields that `errors` names. `GET` on the `type` explains it. They never repeat what
  was sent.
- **Limits** are told on every answer by `RateLimit`; 429 says in `Retry-After` how long to wait.
- **Language**: `Accept-Language` chooses labels and texts, English or German.
  `GET /v1/vocabularies` has every word with its label, so that no app has to hard-code them.
- **Growing**: within `/v1` things are only added. New fields appear in answers, and new words in
  their enums: ignore what you do not know, and treat an unknown word as `other`.

A person may read this on a Friday evening after bad news. Say little, let them stop at any time,
and show the way to support (`GET /v1/support-resources`, no account needed).
"""

TAGS = [
    {
        "name": "Account",
        "description": (
            "Sign up, sign in, and how you want to be treated.\n\n"
            "Keep the refresh token in the device's secure storage; the access token lasts 15 "
            "minutes. On 401 refresh once, then ask the person to sign in. The profile holds what "
            "all other answers depend on: the time zone, the pause after a rejection, quiet "
            "hours, and the consent to keeping check-ins. A program gets an API key of its own "
            "(`POST /v1/api-keys`) that can do less than the person and ends by itself."
        ),
    },
    {
        "name": "Rejections",
        "description": (
            'Record a "no", and see everything around it.\n\n'
            "A rejection is `open` until the person closes it; both can be undone. Recording one "
            "starts a recovery plan unless you send `start_plan: false`."
        ),
    },
    {
        "name": "Recovery",
        "description": (
            "Plans, steps, and what to do next, at the person's own pace.\n\n"
            "A plan belongs to a rejection or stands alone. Its steps open one after the other; "
            "nothing is asked for before `pause_until`. Build a home screen on "
            "`GET /v1/next-actions` alone, and the screen of one rejection on its plan, steps and "
            "timeline. A step may be left out without a reason."
        ),
    },
    {
        "name": "Check-ins",
        "description": (
            "How the person is, and where to find support.\n\n"
            "Two taps: mood and energy. They are kept only with consent "
            "(`wellbeing_tracking: true` in the profile); ask for it before the first one. "
            "Nothing here is a diagnosis, and nobody is ever alerted."
        ),
    },
    {
        "name": "Feedback",
        "description": (
            "Ask the employer for feedback, and keep what comes back.\n\n"
            "A request is drafted, sent by the person in their own mail program, nudged once at "
            "most, and answered or not; Rebound never sends anything. Drafts and checks of letters "
            "are computed and not stored. Show what came back word for word, and ask the person to "
            "restate it before they rate it."
        ),
    },
    {
        "name": "Reflections",
        "description": (
            "Look back in order to go on: reflections, lessons, skill gaps, culture fit.\n\n"
            "Start with `GET /v1/reflection-prompts`, which asks how and what next, never why me. "
            "Every list in a reflection may stay empty."
        ),
    },
    {
        "name": "Network",
        "description": (
            "People and companies worth staying in touch with.\n\n"
            "Typing a company's name anywhere finds or makes the company. An interaction that is "
            "done moves the next follow-up; `GET /v1/follow-ups` says who is due, and why."
        ),
    },
    {
        "name": "Search",
        "description": (
            "The search goes on: opportunities with their history, and goals.\n\n"
            "Goals count learning and effort, never rejections avoided, and nothing counts streaks."
        ),
    },
    {
        "name": "Insights",
        "description": (
            "What adds up, and what to carry into the next interview.\n\n"
            "Every answer says on how many records it rests (`sample_size`) and whether that is "
            "enough to draw anything from it (`conclusive`): with few records, show the numbers "
            "and leave out the headline. Days are the person's own, with `from` and `to` included."
        ),
    },
    {
        "name": "Find",
        "description": (
            "Find anything you have written, by its words.\n\n"
            "Good for a search field that answers while the person types: the last word may be "
            "unfinished. Snippets come in parts with their hits marked, so that no app parses HTML."
        ),
    },
    {
        "name": "Organizations",
        "description": (
            "Coaching platforms and career services: who works for one, and who is invited.\n\n"
            "Only the operator of the server makes an organisation. Belonging to one shows nobody "
            "anything: what a coach may see or change, each person decides for each kind of data. "
            "`GET /v1/organizations` lists those you belong to. "
            "Begin a coach's screen with `GET /v1/organizations/{organization_id}/clients`: one "
            "call for the whole caseload; to read or change a person's records, call what they "
            "call, with the header `Rebound-Account`. "
            "Invite a whole class at once, and follow the job that does it. Try it in an "
            "organisation made for tests, where nothing is mailed."
        ),
    },
    {
        "name": "Consent",
        "description": (
            "What a person lets an organisation see or change, and who has used that.\n\n"
            "Nothing is shared by belonging to an organisation. A grant names its categories one "
            "by one, ends by itself, and is checked at every request: what the person narrows or "
            "revokes is refused from the next one on. Preselect nothing, least of all `wellbeing` "
            "and `reflections`; show `purpose` and the end, and make revoking as easy as agreeing. "
            "`GET /v1/access-log` shows the person who looked."
        ),
    },
    {
        "name": "Comments",
        "description": (
            "What a person and those who accompany them say to each other on a record.\n\n"
            "A comment belongs to the person, whoever wrote it. A coach sees the comments on what "
            "the person shares, and no others. Show them below the record they are about."
        ),
    },
    {
        "name": "Webhooks",
        "description": (
            "Be told when something happens, instead of asking again and again.\n\n"
            "Endpoints are told by Standard Webhooks 1.0, in thin messages. What an organisation "
            "is told of its clients, each of them has agreed to."
        ),
    },
    {
        "name": "Service",
        "description": (
            "Whether the server is well, and the words it uses.\n\n"
            "Read `GET /v1/vocabularies` once at the start of your app and cache it by its ETag."
        ),
    },
]
