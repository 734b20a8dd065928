"""The list of pages and plugs, nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.template import TemplateConfig

from portal.client import (
    address_owner,
    address_removal,
    addresses,
    appointments,
    booking,
    changes,
    code,
    connections,
    details,
    front,
    holds,
    link_page,
    link_wishes,
    messages,
    mobile,
    not_me,
    open_times,
    photo,
    photo_removal,
    pictures,
    practice,
    profile,
    reading,
    sign_in,
)
from portal.clock import Clock, wall_clock
from portal.database import TROUBLE, close_database, open_database
from portal.messages import outbox
from portal.messages.nudges import Nudges, nudge_worker
from portal.messages.sms import webhooks
from portal.operations.address import database_address
from portal.people.pace import TooOften
from portal.people.places import Places, places_file
from portal.settings import Settings
from portal.staff import (
    appointment,
    booking_for,
    calendar,
    client,
    client_photo,
    closures,
    dated_hours,
    desk,
    hours,
    moving,
    policy,
    service,
    services,
    weekly_hours,
)
from portal.staff.log import actions as log_actions
from portal.staff.log import practice as log
from portal.staff.reminders import rule, rules, sending, text, text_removal, texts, told
from portal.web import errors, health
from portal.web.assets import static_files
from portal.web.guard import add_headers, check_request
from portal.web.practice import Signs
from portal.web.templates import template_engine
from portal.web.viewer import keep_language, provide_viewer
from tenants.refusals import Refusal

PAGES = [
    front.show_front_door,
    practice.show_practice,
    practice.show_accent,
    open_times.list_open_times,
    open_times.list_open_days,
    booking.show_booking,
    holds.keep_time,
    holds.show_details,
    holds.release,
    details.book_signed_in,
    details.ask_for_code,
    code.show_code,
    code.book_with_code,
    sign_in.show_sign_in,
    sign_in.ask_for_code,
    sign_in.show_code,
    sign_in.sign_in_with_code,
    sign_in.leave,
    appointments.show_appointments,
    appointments.show_appointment,
    appointments.send_calendar_file,
    changes.confirm,
    changes.ask_to_cancel,
    changes.cancel,
    changes.ask_where_to,
    changes.move,
    link_page.show_message,
    link_page.confirm,
    link_page.ask_to_cancel,
    link_page.cancel,
    link_page.ask_where_to,
    link_page.move,
    link_wishes.ask_about_reminders,
    link_wishes.choose_reminders,
    link_wishes.choose_sms,
    messages.show_messages,
    messages.choose_reminders,
    messages.choose_sms,
    connections.show_connections,
    connections.end,
    connections.name,
    connections.ask_to_end_others,
    connections.end_others,
    not_me.ask_whether_not_me,
    not_me.end_everything,
    profile.show_profile,
    profile.change_profile,
    reading.show_example,
    photo.show_photo,
    photo.choose,
    photo.turn,
    photo.save,
    photo.discard,
    photo_removal.ask_to_remove,
    photo_removal.remove,
    pictures.send_picture,
    mobile.ask_for_code,
    mobile.show_code,
    mobile.verify_with_code,
    addresses.list_addresses,
    addresses.ask_for_code,
    addresses.show_code,
    addresses.add_with_code,
    address_owner.ask_which_account,
    address_owner.settle_account,
    address_removal.ask_to_undo,
    address_removal.undo,
    address_removal.ask_to_remove,
    address_removal.remove,
    addresses.choose_primary,
    desk.choose_desk,
    calendar.show_calendar,
    calendar.show_grid,
    booking_for.choose,
    booking_for.book,
    appointment.show_appointment,
    appointment.ask_to_cancel,
    appointment.cancel,
    appointment.note_no_show,
    client.show_client,
    client.ask_for_details,
    client.keep_details,
    client.restore,
    client_photo.send_photo,
    log.show_messages,
    log_actions.send_again,
    log_actions.ask,
    log_actions.confirm,
    log_actions.choose_sms,
    log_actions.use_address_again,
    log_actions.mark_seen,
    moving.ask_where_to,
    moving.move,
    services.list_services,
    service.ask_for_service,
    service.add,
    service.show_service,
    service.change,
    services.retire,
    services.restore,
    hours.show_hours,
    hours.add,
    weekly_hours.ask_for_change,
    weekly_hours.change,
    weekly_hours.remove,
    dated_hours.keep_day,
    dated_hours.forget_day,
    closures.list_closures,
    closures.add,
    closures.remove,
    policy.show_policy,
    policy.change,
    rules.list_rules,
    rule.ask_for_rule,
    rule.add,
    sending.show_sending,
    sending.change,
    texts.list_texts,
    text.show_text,
    text.change,
    text.preview,
    text_removal.ask_to_forget,
    text_removal.forget,
    told.show_told,
    told.change,
    rule.show_rule,
    rule.change,
    rules.end,
    rules.resume,
    outbox.show_outbox,
    outbox.show_mail,
    webhooks.hear_receipt,
    webhooks.hear_text,
    health.live,
    health.ready,
]

LARGEST_BODY = 64 * 1024


def create_app(settings: Settings, clock: Clock = wall_clock) -> Litestar:
    @asynccontextmanager
    async def with_database(_: Litestar) -> AsyncIterator[None]:
        await open_database(database_address(settings).app_dsn, largest=settings.database_connections)
        yield
        await close_database()
        places.close()

    places = Places.opened(places_file(settings))
    return Litestar(
        [*PAGES, static_files()],
        lifespan=[with_database],
        state=State({"settings": settings, "clock": clock, "signs": Signs(), "nudges": Nudges()}),
        dependencies={
            "viewer": Provide(provide_viewer),
            "settings": Provide(lambda: settings, sync_to_thread=False),
            "clock": Provide(lambda: clock, sync_to_thread=False),
            "places": Provide(lambda: places, sync_to_thread=False),
            "desk": Provide(desk.provide_desk),
            "admin_desk": Provide(desk.provide_admin_desk),
        },
        before_request=check_request,
        before_send=[add_headers, keep_language],
        after_response=nudge_worker,
        exception_handlers={
            Refusal: errors.on_refusal,
            TooOften: errors.on_too_often,
            HTTPException: errors.on_http_error,
            **dict.fromkeys(TROUBLE, errors.on_trouble),
            Exception: errors.on_crash,
        },
        template_config=TemplateConfig(instance=template_engine()),
        request_max_body_size=LARGEST_BODY,
        openapi_config=None,
        logging_config=None,
    )
