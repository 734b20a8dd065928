"""The list of pages and plugs, nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.template import TemplateConfig

from portal.client import pages as client_pages
from portal.clock import Clock, wall_clock
from portal.database import TROUBLE, close_database, open_database, watch_practices
from portal.founding import pages as founding_pages
from portal.help import pages as help_pages
from portal.messages import outbox
from portal.messages.nudges import Nudges, nudge
from portal.messages.sms import webhooks
from portal.operations.address import database_address
from portal.operators import pages as operator_pages
from portal.people.pace import TooOften
from portal.people.places import Places, places_file
from portal.settings import Settings
from portal.staff import desk
from portal.staff import pages as staff_pages
from portal.staff.changes.desks import OpenDesks
from portal.web import errors, health
from portal.web.assets import static_files
from portal.web.guard import add_headers, check_request
from portal.web.practice import DeskClosed, PracticeClosed, Signs, SlugLeft
from portal.web.templates import template_engine
from portal.web.viewer import keep_language, provide_viewer
from tenants.refusals import Refusal

PAGES = [
    *client_pages.PAGES,
    *staff_pages.PAGES,
    *founding_pages.PAGES,
    *operator_pages.PAGES,
    *help_pages.PAGES,
    outbox.show_outbox,
    outbox.show_mail,
    webhooks.hear_receipt,
    webhooks.hear_text,
    health.live,
    health.ready,
]

LARGEST_BODY = 64 * 1024


async def open_request(request: Request[Any, Any, State]) -> None:
    await check_request(request)
    watch_practices()


def create_app(settings: Settings, clock: Clock = wall_clock) -> Litestar:
    @asynccontextmanager
    async def with_database(_: Litestar) -> AsyncIterator[None]:
        await open_database(database_address(settings).app_dsn, largest=settings.database_connections)
        yield
        await desks.close()
        await close_database()
        places.close()

    places = Places.opened(places_file(settings))
    desks = OpenDesks()
    return Litestar(
        [*PAGES, static_files()],
        lifespan=[with_database],
        state=State({"settings": settings, "clock": clock, "signs": Signs(), "nudges": Nudges(), "desks": desks}),
        dependencies={
            "viewer": Provide(provide_viewer),
            "settings": Provide(lambda: settings, sync_to_thread=False),
            "clock": Provide(lambda: clock, sync_to_thread=False),
            "places": Provide(lambda: places, sync_to_thread=False),
            "desk": Provide(desk.provide_desk),
        },
        before_request=open_request,
        before_send=[add_headers, keep_language],
        after_response=nudge,
        exception_handlers={
            Refusal: errors.on_refusal,
            TooOften: errors.on_too_often,
            PracticeClosed: errors.on_closed_practice,
            DeskClosed: errors.on_closed_desk,
            SlugLeft: errors.on_slug_left,
            HTTPException: errors.on_http_error,
            **dict.fromkeys(TROUBLE, errors.on_trouble),
            Exception: errors.on_crash,
        },
        template_config=TemplateConfig(instance=template_engine()),
        request_max_body_size=LARGEST_BODY,
        openapi_config=None,
        logging_config=None,
    )
