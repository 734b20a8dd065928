"""The doors of this room."""

from portal.staff.settings import (
    closures,
    dated_hours,
    hours,
    policy,
    retention,
    service,
    services,
    weekly_hours,
)

PAGES = [
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
    retention.show_retention,
    retention.change,
]
