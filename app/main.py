"""Wiring: the only place where rooms, reactions, jobs and the machinery around them meet."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from app.auth.passwords import Passwords
from app.auth.sealing import Sealer
from app.auth.service import purge_expired as purge_sessions
from app.db.deletion import purge_tombstones
from app.db.engine import create_engine
from app.db.events import Reactions
from app.db.idempotency import purge_answers
from app.db.jobs import HEARTBEAT_JOB, Job, work
from app.db.transaction import Database
from app.domains.accounts import router as accounts
from app.domains.accounts.service import purge_expired as purge_accounts
from app.domains.coaching import reactions as coaching_reactions
from app.domains.coaching.router import access_log, clients, grants, invitations, organizations
from app.domains.coaching.router import batches as invitation_batches
from app.domains.coaching.service.batches import INVITING
from app.domains.coaching.service.grants import run_out_grants
from app.domains.coaching.service.invitations import purge_invitations
from app.domains.comments import router as comments
from app.domains.contacts import router as contacts
from app.domains.contacts.service.due import tell_due_follow_ups
from app.domains.feedback import router as feedback
from app.domains.feedback.service.overdue import close_overdue_requests
from app.domains.insights import router as insights
from app.domains.jobs import router as long_work
from app.domains.jobs.service import purge_jobs, run_jobs
from app.domains.opportunities import reactions as opportunity_reactions
from app.domains.opportunities import router as opportunities
from app.domains.recovery import reactions as recovery_reactions
from app.domains.recovery import router as recovery
from app.domains.recovery.service.overdue import tell_overdue_steps
from app.domains.reflections import router as reflections
from app.domains.rejections import router as rejections
from app.domains.search import router as search
from app.domains.webhooks import router as webhooks
from app.domains.webhooks.service import Courier, purge_old
from app.introduction import DESCRIPTION, TAGS
from app.kit.clock import Clock, SystemClock
from app.kit.cursors import CursorCodec
from app.mail import Mailer
from app.outbound import Outbound
from app.settings import Settings
from app.web import contract, docs, service_router
from app.web.compression import Compression
from app.web.limits import Bounds
from app.web.observing import Observer, configure_logging
from app.web.rates import RateLimits
from app.web.router import index_routes

ROUTERS = (
    accounts.router,
    grants.router,
    access_log.router,
    rejections.router,
    recovery.router,
    feedback.router,
    reflections.router,
    contacts.router,
    opportunities.router,
    insights.router,
    search.router,
    organizations.router,
    invitations.router,
    invitation_batches.router,
    long_work.router,
    clients.router,
    comments.router,
    webhooks.router,
    service_router.router,
)

EXPOSED_HEADERS = (
    "ETag",
    "Idempotency-Replayed",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-Id",
)


def wire_reactions() -> Reactions:
    """Who reacts to which fact."""
    reactions = Reactions()
    coaching_reactions.wire(reactions)
    recovery_reactions.wire(reactions)
    opportunity_reactions.wire(reactions)
    return reactions


def jobs() -> Sequence[Job]:
    """The recurring work of all rooms."""
    hourly = timedelta(hours=1)
    return (
        HEARTBEAT_JOB,
        Job("purge_tombstones", timedelta(days=1), purge_tombstones),
        Job("purge_idempotency_answers", hourly, purge_answers),
        Job("purge_sessions", hourly, purge_sessions),
        Job("run_out_grants", timedelta(minutes=5), run_out_grants),
        Job("purge_account_leftovers", hourly, purge_accounts),
        Job("purge_invitations", timedelta(days=1), purge_invitations),
        # Every hour a day ends somewhere.
        Job("close_overdue_requests", hourly, close_overdue_requests),
        Job("tell_overdue_steps", hourly, tell_overdue_steps),
        Job("tell_due_follow_ups", hourly, tell_due_follow_ups),
        Job("purge_webhooks", hourly, purge_old),
        Job("purge_jobs", timedelta(days=1), purge_jobs),
    )


ROW_WORKS = (INVITING,)
"""What is done for each row of the jobs that rooms queue."""


async def do_all_work(database: Database, stop: asyncio.Event) -> None:
    """All that a worker does: what is due, and what was queued, until `stop` is set."""
    await asyncio.gather(
        work(database, jobs(), stop),
        run_jobs(database, ROW_WORKS, stop),
        Courier.run(database, stop),
    )


def create_database(settings: Settings, clock: Clock | None = None) -> Database:
    """The database of a process, with everything its use cases share."""
    clock = clock or SystemClock()
    return Database(
        create_engine(
            settings.database_url,
            pool_size=settings.pool_size,
            pool_timeout_s=settings.pool_timeout_seconds,
            statement_timeout_s=settings.statement_timeout_seconds,
            lock_timeout_s=settings.lock_timeout_seconds,
            sqlite_synchronous=settings.sqlite_synchronous,
            row_security=settings.restricted_role is not None,
        ),
        clock=clock,
        cursors=CursorCodec(settings.secret),
        reactions=wire_reactions(),
        collaborators=(
            settings,
            Mailer(settings, clock),
            Passwords(settings.password_hashes_at_once),
            Sealer(settings.secret),
            Outbound(settings.webhook_networks, timeout_s=settings.webhook_timeout_seconds),
        ),
    )


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> FastAPI:
    """The application, ready to be served."""
    settings = settings or Settings()
    database = create_database(settings, clock)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        configure_logging(settings.log_level)
        stop = asyncio.Event()
        beside = []
        if settings.worker == "inside":
            beside.append(asyncio.create_task(do_all_work(database, stop)))
        yield
        stop.set()
        await asyncio.gather(*beside)
        await database.collaborator(Mailer).drain()
        database.collaborator(Passwords).close()
        database.collaborator(Outbound).close()
        await database.engine.dispose()

    app = FastAPI(
        title="Rebound",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.settings = settings
    app.state.database = database
    for router in ROUTERS:
        app.router.routes.extend(router.routes)
    app.openapi = specification  # type: ignore[method-assign]  # FastAPI's documented way
    app.router.routes.extend(contract.contract_router(specification).routes)
    demo_token = settings.demo_token.get_secret_value() if settings.demo_token else None
    app.router.routes.extend(docs.routes(demo_token=demo_token).routes)
    index_routes(app)

    # The last added is the outermost.
    app.add_middleware(Bounds)
    app.add_middleware(Compression)
    app.add_middleware(RateLimits, settings=settings)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors_origins),
            allow_methods=["GET", "HEAD", "POST", "PATCH", "DELETE"],
            allow_headers=["*"],
            expose_headers=list(EXPOSED_HEADERS),
            max_age=600,
        )
    app.add_middleware(Observer, settings=settings)
    return app


@cache
def specification() -> dict[str, Any]:
    """The contract of the application; it depends on no setting, so it is built once."""
    routes = [route for router in ROUTERS for route in router.routes]
    return contract.build(
        routes,
        version=version("rebound"),
        description=DESCRIPTION,
        tags=TAGS,
        messages=(webhooks.MESSAGE,),
    )
