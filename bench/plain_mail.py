"""What a plain Python script does with each line: composes the mail with the
email package and sends it with smtplib, over one connection that it keeps."""

import json
import os
import smtplib
import sys
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

LINKS = """Your monthly report for {report_period} is ready.

You can download your reports using the links below (valid for 30 days):

Download PDF Report
{pdf_url}

Download Excel Report
{excel_url}
"""
LINKS_HTML = """<p>Your monthly report for {report_period} is ready.</p>
<p>You can download your reports using the links below (valid for 30 days):</p>
<ul>
    <li><a href="{pdf_url}">Download PDF Report</a></li>
    <li><a href="{excel_url}">Download Excel Report</a></li>
</ul>
"""
FILES = """Please find attached your monthly report for {report_period}.

The report includes your performance summary and commission details.
"""
FILES_HTML = """<p>Please find attached your monthly report for {report_period}.</p>
<p>The report includes your performance summary and commission details.</p>
"""


def compose(line):
    links = "pdf_url" in line
    mail = EmailMessage()
    mail["From"] = os.environ["REPORT_SENDER_EMAIL"]
    mail["To"] = line["email"]
    mail["Subject"] = f"SpreadPilot Monthly Report - {line['report_period']}"
    mail["Date"] = formatdate()
    mail["Message-ID"] = make_msgid()
    mail.set_content((LINKS if links else FILES).format(**line))
    mail.add_alternative((LINKS_HTML if links else FILES_HTML).format(**line),
                         subtype="html")
    if not links:
        for path in line["pdf_path"], line["excel_path"]:
            with open(path, "rb") as file:
                mail.add_attachment(
                    file.read(), maintype="application",
                    subtype="octet-stream", filename=os.path.basename(path))
    return mail


with smtplib.SMTP(os.environ["SMTP_HOST"],
                  int(os.environ["SMTP_PORT"])) as smtp:
    for text in sys.stdin:
        record = json.loads(text)
        smtp.send_message(compose(record))
        print(json.dumps({**record, "email_sent": True}))
