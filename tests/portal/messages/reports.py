"""Reports of mail servers, in the forms that they come in."""

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

NOBODY = "smtp; 550 5.1.1 <ana@example.org>: Recipient address rejected: User unknown in virtual mailbox table"

POSTFIX = """\
Return-Path: <>
Date: Mon, 23 Nov 2026 08:00:12 -0500 (EST)
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: bounces@portal.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4XyZ12.1795438812/mx.example.org"

This is a MIME-encapsulated message.

--4XyZ12.1795438812/mx.example.org
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

--4XyZ12.1795438812/mx.example.org
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
X-Postfix-Queue-ID: 4XyZ12
X-Postfix-Sender: rfc822; bounces@portal.example
Arrival-Date: Mon, 23 Nov 2026 08:00:10 -0500 (EST)

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.org
Diagnostic-Code: {diagnostic}

--4XyZ12.1795438812/mx.example.org
Content-Description: Undelivered Message
Content-Type: message/rfc822

Return-Path: <bounces@portal.example>
From: Harbour Physiotherapy <carnet@portal.example>
To: {to}
Subject: Booked
Message-ID: {message_id}
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Hello Ana,

--4XyZ12.1795438812/mx.example.org--
"""

HEADERS_ALONE = """\
From: "Mail Delivery Subsystem" <mailer-daemon@googlemail.example>
To: bounces@portal.example
Subject: Delivery Status Notification (Failure)
Content-Type: multipart/report; boundary="000000000000a1b2c3"; report-type=delivery-status

--000000000000a1b2c3
Content-Type: multipart/related; boundary="000000000000d4e5f6"

--000000000000d4e5f6
Content-Type: multipart/alternative; boundary="000000000000a7b8c9"

--000000000000a7b8c9
Content-Type: text/plain; charset="UTF-8"

** Address not found **

--000000000000a7b8c9--

--000000000000d4e5f6--

--000000000000a1b2c3
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.example
Arrival-Date: Mon, 23 Nov 2026 05:00:11 -0800 (PST)
X-Original-Message-ID: {message_id}

Final-Recipient: rfc822; {to}
Action: failed
Status: 5.1.1
Remote-MTA: dns; mail.example.org. (192.0.2.7, the server for the domain.)
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does
 not exist. Please try double-checking the recipient's address.
 550 5.1.1 a1b2c3 - gsmtp

--000000000000a1b2c3
Content-Type: text/rfc822-headers

From: Harbour Physiotherapy <carnet@portal.example>
To: {to}

--000000000000a1b2c3--
"""

ANY_SCRIPT = """\
From: MAILER-DAEMON@mx.example.org
To: bounces@portal.example
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

--b
Content-Type: message/global-delivery-status

Reporting-MTA: dns; mx.example.org

Original-Recipient: utf-8; {to}
Final-Recipient: utf-8; {to}
Action: failed
Status: 5.2.1

--b
Content-Type: message/global-headers

From: carnet@portal.example
Message-ID: {message_id}

--b--
"""


def postfix(
    message_id: str,
    to: str = "ana@example.org",
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = NOBODY,
) -> bytes:
    return POSTFIX.format(message_id=message_id, to=to, action=action, status=status, diagnostic=diagnostic).encode()


def make_maildir(folder: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    return folder


def drop(maildir: Path, raw: bytes, name: str = "1795438812.M1P1.mx") -> Path:
    """As a mail server delivers: written whole, then moved."""
    written = maildir / "tmp" / name
    written.write_bytes(raw)
    return written.rename(maildir / "new" / name)


def hostile() -> dict[str, bytes]:
    """What somebody may send to an address that is known to be read by a program."""
    postcard = EmailMessage(policy=SMTP)
    postcard["Subject"] = "On holiday"
    postcard.set_content("Back on Monday.")
    boundary = b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
    status = boundary + b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
    return {
        "empty": b"",
        "not mail": bytes(range(256)) * 20,
        "a postcard": postcard.as_bytes(),
        "50 MB": b"Subject: " + b"x" * 50_000_000,
        "endless header": b"X: " + b"y" * 140_000,
        "many headers": b"X: y\n" * 28_000,
        "messages in messages": b"Content-Type: message/rfc822\n\n" * 4_000,
        "parts in parts": b"".join(
            b"Content-Type: multipart/report; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(5_000)
        ),
        "cut short": postfix("<pqrst23456@portal.example>")[:900],
        "no parts": b"Content-Type: multipart/report; report-type=delivery-status\n\nFinal-Recipient: x\n",
        "no such encoding": status + b"Final-Recipient: =?no-such?q?x?=\nAction: failed\nStatus: 5.1.1\n\n--b--\n",
        "no text": boundary
        + b"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n!!\n--b--\n",
        "nothing said": status + b"Final-Recipient: rfc822; \nAction: \nStatus: \n\n--b--\n",
        "thousands of recipients": status
        + b"Final-Recipient: rfc822; ana@example.org\nAction: failed\nStatus: 5.1.1\n\n" * 3_000,
        "half a sign": status
        + b"Final-Recipient: utf-8; \\x{D800}\\x{FFFFFF}@example.org\nAction: failed\nStatus: 5.1.1\n\n--b--\n",
    }
