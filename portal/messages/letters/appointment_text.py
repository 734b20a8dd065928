"""A message to a client as an SMS."""

from datetime import datetime

from portal.messages.letters.brief import Brief
from portal.messages.letters.text import Text
from portal.messages.letters.wording import word_sms
from portal.messages.sms.parts import size_of


def write_appointment_text(brief: Brief, now: datetime) -> Text:
    """To the number of the record, which is E.164 by then."""
    body = word_sms(brief.kind, brief.appointments, brief.formats, brief.texts, brief.link, brief.rules).body
    return Text(
        to=brief.first.phone,
        body=body,
        language=brief.words.language,
        written_at=now,
        useful_until=max(each.starts_at for each in brief.appointments),
        mark=f"/m/{brief.row['link']}",
        report_to=brief.report_to,
        parts=size_of(body).parts,
    )
