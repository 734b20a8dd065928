"""Every door of the desk."""

from portal.staff import desk
from portal.staff.audit import pages as audit
from portal.staff.book import pages as book
from portal.staff.calendar import pages as calendar
from portal.staff.changes import stream
from portal.staff.keeping import pages as keeping
from portal.staff.log import actions as log_actions
from portal.staff.log import practice as log
from portal.staff.merging import pages as merging
from portal.staff.page import pages as page
from portal.staff.records import pages as records
from portal.staff.reminders import rule, rules, sending, text, text_removal, texts, told
from portal.staff.requests import pages as requests
from portal.staff.series import pages as series
from portal.staff.settings import pages as settings
from portal.staff.team import pages as team
from portal.staff.transfers import pages as transfers
from portal.staff.waiting import pages as waiting

PAGES = [
    desk.choose_desk,
    stream.stream_changes,
    log.show_messages,
    log_actions.send_again,
    log_actions.ask,
    log_actions.confirm,
    log_actions.choose_sms,
    log_actions.use_address_again,
    log_actions.mark_seen,
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
    *calendar.PAGES,
    *book.PAGES,
    *requests.PAGES,
    *series.PAGES,
    *records.PAGES,
    *merging.PAGES,
    *keeping.PAGES,
    *settings.PAGES,
    *team.PAGES,
    *page.PAGES,
    *transfers.PAGES,
    *audit.PAGES,
    *waiting.PAGES,
]
