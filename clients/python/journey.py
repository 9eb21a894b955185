"""One person's way through Rebound, with the generated client.

    python journey.py BASE_URL [UNRELIABLE_URL]

`UNRELIABLE_URL` reaches the same server over a line on which answers get lost; without it, nothing
gets lost. Prints a line for each chapter and stops with an exit code of 1 at the first surprise.
"""

import sys

import httpx
from chapters import (
    accepting,
    account,
    asking,
    going_on,
    looking_up,
    lost_answers,
    reading,
    reflecting,
    refusals,
    relating,
    taking_stock,
    trusting,
)
from rebound import Stubborn, connect, visit
from rebound_client import AuthenticatedClient
from rebound_client.errors import UnexpectedStatus
from rebound_client.models import Rejection
from story import AnyRecord, SurpriseError


def main(base_url: str, unreliable_url: str) -> None:
    """Tell the whole story: all but signing up and out goes over the unreliable line."""
    with Stubborn() as line:
        visitor = visit(base_url, line)
        email = account.sign_up(visitor)
        tokens = account.sign_in(visitor, email)
        client = connect(unreliable_url, line, tokens.access_token)
        account.allow_check_ins(client)
        print("account: signed up, signed in, consented to check-ins")

        told = live_through(client, connect(base_url, line, tokens.access_token))

        kept = lost_answers.record_once(client, line)
        lost_answers.close_and_delete_once(client, line, kept)
        renewed = lost_answers.refresh_once(client, tokens)
        print("lost_answers: recorded, closed, deleted and refreshed, each once")

        client = connect(unreliable_url, line, renewed.access_token)
        records = taking_stock.compare(told, taking_stock.read_everything(client))
        print(f"taking_stock: {records} records are stored as they were told")
        print(f"{line.requests} requests took {line.attempts} attempts")

        account.sign_out(connect(base_url, line, renewed.access_token))
        last = account.sign_in(visitor, email)
        account.delete_account(connect(base_url, line, last.access_token), last.account_id)
        print("goodbye: signed out, deleted the account")


def live_through(client: AuthenticatedClient, again: AuthenticatedClient) -> list[AnyRecord]:
    """The five stages; every record, as the last answer told it. `again` is a restarted app."""
    rejection = accepting.record_with_own_id(client)
    plan = accepting.find_plan(client, rejection.id)
    check_in = accepting.check_in(client, rejection.id, plan.id)
    accepting.end_pause(client, plan.id)
    step = accepting.do_next(client)
    print(f"accepting: plan with {len(plan.steps)} steps, checked in, did '{step.title}'")

    refusals.change_what_has_changed(client, step)
    refusals.skip_what_is_done(client, step)
    refusals.forget_the_company(client)
    print("refusals: 412, 428, 409 and 422 explained themselves")

    others = reading.record_two_more(client)
    pages = reading.page_through(client, again)
    reading.read_what_is_new(client, rejection.id)
    label = reading.read_german(client)
    print(f"reading: {pages} pages, one 304, '{label}' in German")

    questions = asking.choose_questions(client, rejection)
    letter = asking.write_letter(client, rejection, questions)
    request = asking.ask(client, rejection, questions, letter)
    request, feedback = asking.listen(client, request)
    print(f"asking: {len(questions)} questions, an answer worth {feedback.usefulness} of 5")

    reflection = reflecting.look_back(client, rejection)
    lesson, *lessons = reflecting.keep_lessons(client, feedback, reflection)
    gap = reflecting.name_gap(client, rejection)
    fit = reflecting.compare_values(client, rejection)
    print(f"reflecting: 3 lessons, '{gap.name}' to learn, {fit.alignment_percent} % of a fit")

    contact = relating.remember(client, rejection)
    note = relating.thank(client, contact, rejection)
    contact = relating.connect(client, contact, note)
    company = relating.follow(client, rejection)
    due = relating.see_follow_ups(client, contact, company)
    print(f"relating: thanked {contact.name}, followed {company.name}, {due} to write to one day")

    goal = going_on.aim(client)
    opportunity = going_on.apply(client)
    taught = looking_up.open_brief(client, opportunity, lesson)
    ticked = looking_up.see_ticks(client, rejection, opportunity)
    word = looking_up.find(client, fit)
    reminder = looking_up.plan_reminders(client, opportunity)
    lesson = going_on.use_lesson(client, lesson, opportunity)
    progress = looking_up.see_progress(client, goal)
    print(
        f"looking_up: {taught} lessons in the brief, {ticked} steps ticked, '{word}' found,"
        f" {progress.done} of {progress.target} done, '{reminder}'"
    )

    opportunity = going_on.accept(client, opportunity)
    stages = going_on.see_history(client, opportunity)
    goal = going_on.achieve(client, goal)
    event = going_on.meet_people(client, contact)
    print(f"going_on: {', '.join(stages)}; '{goal.title}' is {goal.status}")

    open_up(client, again, rejection)

    told: list[AnyRecord] = [rejection, *others, check_in, request, feedback]
    told += [reflection, lesson, *lessons, gap, fit]
    told += [contact, note, company, goal, opportunity, event]
    return told


def open_up(client: AuthenticatedClient, again: AuthenticatedClient, rejection: Rejection) -> None:
    """What others may see, and are told."""
    looks = trusting.see_who_looks(client)
    remark = trusting.comment(client, rejection)
    types = trusting.listen(again)
    print(f"trusting: {looks} looks by others, '{remark.text}', {types} types of events")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    try:
        main(sys.argv[1], sys.argv[-1])
    except (SurpriseError, UnexpectedStatus, httpx.TransportError) as surprise:
        sys.exit(f"The journey ends early: {surprise}")
