"""A coaching platform in one file: it invites three people, asks for consent, and keeps to it.

It plays both sides against a test organisation. Its people are samples, and nobody gets mail:

    python examples/coaching_platform/run.py --organization ID --key rbk_test_...

What a platform would copy stands in `Mailbox`, which receives webhooks, and in `Platform`, which
calls Rebound. `Person` is what people do in an app of theirs.
"""

import argparse
import base64
import hmac
import json
import secrets
import sys
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

API = "http://127.0.0.1:8000"
WAIT_S = 20.0
OLDEST_MESSAGE_S = 300

ASKED = ["rejections", "plans"]
PURPOSE = "So that your coach can follow your plan and add steps to it (sample text)."
TOLD_OF = ["grant.activated", "grant.revoked", "rejection.recorded"]


class Mailbox:
    """The platform's address for webhooks: a small server that believes only what is signed."""

    def __init__(self) -> None:
        self.secret = ""
        self.messages: dict[str, dict[str, Any]] = {}
        self._came = threading.Condition()
        mailbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                said = {name.lower(): value for name, value in self.headers.items()}
                self.send_response(mailbox.receive(said, body))
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Leave the terminal to the story."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/rebound"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def receive(self, headers: Mapping[str, str], body: bytes) -> int:
        """Keep a message that is signed and fresh; the status to answer with.

        The check is that of Standard Webhooks 1.0, whose libraries do it too (`pip install
        standardwebhooks`). A real platform answers at once and does its work afterwards.
        """
        names = ("webhook-id", "webhook-timestamp", "webhook-signature")
        message_id, sent_at, signatures = (headers.get(name, "") for name in names)
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        signed = hmac.digest(key, f"{message_id}.{sent_at}.".encode() + body, "sha256")
        right = b"v1," + base64.b64encode(signed)
        # For a day after a secret was replaced there are two signatures, with a space between.
        given = signatures.split() if key else []  # Without a secret everything is a forgery.
        if not any(hmac.compare_digest(right, one.encode()) for one in given):
            return 401
        if abs(time.time() - int(sent_at)) > OLDEST_MESSAGE_S:
            return 400
        with self._came:
            # A repeat has the same id, and changes nothing.
            self.messages.setdefault(message_id, json.loads(body))
            self._came.notify_all()
        return 204

    def wait_for(self, type_: str, count: int = 1) -> list[dict[str, Any]]:
        """What came of a type, as soon as it is so many; ends the program if it takes too long."""
        with self._came:
            if not self._came.wait_for(lambda: len(self.of_type(type_)) >= count, WAIT_S):
                sys.exit(f"No {type_} came within {WAIT_S:.0f} s. Does the server have a worker?")
            return self.of_type(type_)

    def of_type(self, type_: str) -> list[dict[str, Any]]:
        """What has come of a type so far."""
        return [message for message in self.messages.values() if message["type"] == type_]


class Platform:
    """The program of an organisation, with its key."""

    def __init__(self, api: str, organization_id: str, key: str) -> None:
        signed_in = {"Authorization": f"Bearer {key}"}
        self.http = httpx.Client(base_url=api, headers=signed_in, timeout=WAIT_S)
        self.organization = f"/v1/organizations/{organization_id}"

    def listen(self, mailbox: Mailbox) -> str:
        """Be told of what happens, and try it with a ping; the endpoint's address in the API."""
        wanted = {"url": mailbox.url, "event_types": TOLD_OF}
        endpoint = done(self.http.post("/v1/webhook-endpoints", json=wanted))
        mailbox.secret = endpoint["secret"]  # It is shown this once.
        path = f"/v1/webhook-endpoints/{endpoint['id']}"
        done(self.http.post(f"{path}/pings"))
        return path

    def invite(self, email: str, external_id: str, cohort: str) -> str:
        """Invite somebody, and say which consent they will be asked for.

        Real people find the token in a mail; a test organisation gets it in the answer.
        """
        body = {
            "email": email,
            "kind": "client",
            "external_id": external_id,
            "cohort": cohort,
            "ask": {"categories": ASKED, "access": "write", "purpose": PURPOSE},
        }
        return str(done(self.http.post(f"{self.organization}/invitations", json=body))["token"])

    def assign(self, account_ids: list[str], title: str) -> list[str]:
        """Give everybody the same step in one call; what became of it for each."""
        step = {"practice": "E2", "title": title, "effort_minutes": 10}
        body = {"account_ids": account_ids, "step": step}
        answer = done(self.http.post(f"{self.organization}/step-assignments", json=body))
        return [item["outcome"] for item in answer["items"]]

    def caseload(self, cohort: str) -> list[dict[str, Any]]:
        """Everybody of a cohort at a glance in one call, the first who came first."""
        query = {"cohort": cohort, "sort": "created_at", "limit": "200"}
        page = done(self.http.get(f"{self.organization}/clients", params=query))
        items: list[dict[str, Any]] = page["items"]
        return items

    def read(self, account_id: str, path: str) -> httpx.Response:
        """Read for a person: the address that their own app uses, and one header more."""
        return self.http.get(path, headers={"Rebound-Account": account_id})


class Person:
    """Somebody with an app of their own: a sample, whose address nobody can have."""

    def __init__(self, api: str, name: str) -> None:
        self.name = name
        self.email = f"{name.lower()}-{secrets.token_hex(4)}@example.com"
        self.http = httpx.Client(base_url=api, timeout=WAIT_S)
        said = {"email": self.email, "password": secrets.token_urlsafe(16)}
        done(self.http.post("/v1/accounts", json={**said, "display_name": name}))
        session = done(self.http.post("/v1/sessions", json=said))
        self.id = str(session["account_id"])
        self.http.headers["Authorization"] = f"Bearer {session['access_token']}"

    def accept(self, token: str) -> str:
        """Come to the organisation, which shows it nothing yet; the grant that it asks for."""
        body = {"token": token}
        return str(done(self.http.post("/v1/invitation-acceptances", json=body))["grant_id"])

    def grant(self, grant_id: str) -> dict[str, Any]:
        """What is asked for, by whom and what for."""
        found: dict[str, Any] = done(self.http.get(f"/v1/grants/{grant_id}"))
        return found

    def decide(self, grant_id: str, **decision: Any) -> None:
        """Say yes, yes to less, or no to what was read a moment ago; or take it back."""
        seen = {"If-Match": f'"{self.grant(grant_id)["revision"]}"'}
        done(self.http.patch(f"/v1/grants/{grant_id}", json=decision, headers=seen))

    def record_rejection(self, company: str) -> str:
        """Write down a "no"."""
        body = {"company_name": company, "stage": "interview"}
        return str(done(self.http.post("/v1/rejections", json=body))["id"])

    def access_log(self) -> list[dict[str, Any]]:
        """Who looked at what, and changed what, the latest first."""
        items: list[dict[str, Any]] = done(self.http.get("/v1/access-log"))["items"]
        return items


def done(response: httpx.Response) -> Any:
    """The body of an answer; ends the program with the problem if there is one."""
    if response.is_error:
        request = response.request
        sys.exit(f"{request.method} {request.url}: {response.status_code} {response.text}")
    return response.json() if response.content else None


def outcome(response: httpx.Response) -> str:
    """The status of an answer, with the name of the problem if there is one."""
    problem = response.json()["type"].removeprefix("/problems/") if response.is_error else ""
    return f"{response.status_code} {problem}".strip()


def play(platform: Platform, api: str) -> None:
    """The whole story."""
    mailbox = Mailbox()
    endpoint = platform.listen(mailbox)
    mailbox.wait_for("ping")
    print("The platform listens for webhooks: a ping has come, and it was signed.")

    ana, ben, cleo = people = [Person(api, name) for name in ("Ana", "Ben", "Cleo")]
    names = {person.id: person.name for person in people}
    cohort = f"Sample cohort {secrets.token_hex(4)}"
    grants = {
        person: person.accept(platform.invite(person.email, f"{cohort}, {number}", cohort))
        for number, person in enumerate(people, start=1)
    }
    asked = ana.grant(grants[ana])
    print("Ana, Ben and Cleo accept an invitation, and show nothing by that.")
    refused = platform.read(ana.id, "/v1/rejections")
    print(f"The platform asks for Ana's rejections: {outcome(refused)}.")
    print(
        f"Ana reads: {asked['organization_name']} asks to {asked['access']} "
        f"{' and '.join(asked['categories'])}. {asked['purpose']}"
    )

    ana.decide(grants[ana], status="active")
    ben.decide(grants[ben], status="active", categories=["plans"])
    cleo.decide(grants[cleo], status="declined")
    print("Ana agrees, Ben agrees to plans only, Cleo says no.")
    agreed = mailbox.wait_for("grant.activated", 2)
    told = sorted(names[message["data"]["account_id"]] for message in agreed)
    print(f"Webhooks (grant.activated) tell of {' and '.join(told)}.")

    rejection = f"/v1/rejections/{ana.record_rejection('Example GmbH')}"
    ben.record_rejection("Sample AG")
    print("Ana and Ben each record a rejection.")
    [message] = mailbox.wait_for("rejection.recorded")
    print(f"A webhook (rejection.recorded) tells of {names[message['data']['account_id']]}'s.")
    print(f"It holds ids and no words: {', '.join(sorted(message['data']))}.")

    title = "Bring one interview question to our next talk"
    for person, result in zip(
        people, platform.assign([person.id for person in people], title), strict=True
    ):
        print(f"The platform assigns a step to {person.name}: {result}.")
    for client in platform.caseload(cohort):
        print(
            f"The caseload shows of {names[client['account_id']]}: "
            f"consent {client['consent']['state']}, "
            f"open rejections {shown(client['open_rejections'])}, "
            f"open plans {shown(client['open_plans'])}."
        )

    found = done(platform.read(ana.id, rejection))
    print(f"The platform reads Ana's rejection by {found['company_name']}.")
    print(f"Ana's check-ins: {outcome(platform.read(ana.id, '/v1/check-ins'))}.")
    print(f"Ben's rejections: {outcome(platform.read(ben.id, '/v1/rejections'))}.")
    print(f"Cleo's plans: {outcome(platform.read(cleo.id, '/v1/recovery-plans'))}.")

    log = ana.access_log()
    entries = sorted({f"{one['access']} {one['category']}" for one in log})
    print(f"Ana's access log names {log[0]['organization_name']}: {', '.join(entries)}.")

    ana.decide(grants[ana], status="revoked")
    refused = platform.read(ana.id, rejection)
    print(f"Ana takes her consent back. The very next request: {outcome(refused)}.")
    mailbox.wait_for("grant.revoked")
    count = len(mailbox.of_type("rejection.recorded"))
    print("A webhook (grant.revoked) tells of it.")
    print(f"Rejections that webhooks told of: {count}. Ben had not agreed to that.")
    done(platform.http.delete(endpoint, headers={"If-Match": "*"}))


def shown(figure: int | None) -> str:
    """A figure of the caseload, which is null without consent."""
    return "not shared" if figure is None else str(figure)


def main() -> None:
    """Read the arguments and play."""
    parser = argparse.ArgumentParser(description="Play a coaching platform with sample people.")
    parser.add_argument("--api", default=API, help=f"where Rebound answers; by default {API}")
    parser.add_argument("--organization", required=True, help="the id of a test organisation")
    parser.add_argument("--key", required=True, help="a key of that organisation: rbk_test_...")
    given = parser.parse_args()
    if not given.key.startswith("rbk_test_"):
        sys.exit("This invites sample people: take the key of a test organisation, rbk_test_...")
    play(Platform(given.api, given.organization, given.key), given.api)


if __name__ == "__main__":
    main()
