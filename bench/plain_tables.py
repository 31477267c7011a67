"""The least that can be called a statement: three grey tables as a PDF, and
the same as a workbook. For plain_worker.py --tables.
"""

import openpyxl
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import (Paragraph, SimpleDocTemplate, Spacer, Table,
                                TableStyle)

STYLES = getSampleStyleSheet()
GREY = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.grey),
                   ("BACKGROUND", (0, 0), (-1, 0), colors.lightgrey)])


def tables(s):
    return [
        [["Follower", "Period"], [s.follower, s.title], ["Name", s.name],
         ["IBAN", s.iban]],
        [["Measure", "Value"], ["Total P&L", str(s.net)],
         ["Winning days", f"{len(s.wins)} of {len(s.pnl)}"],
         ["Rate", f"{s.rate}%"], ["Commission", str(s.commission)]],
        [["Date", "P&L"], *([str(day), str(pnl)]
                            for day, pnl in zip(s.days, s.pnl))],
    ]


def pdf(s, path):
    story = [Paragraph("Monthly Report " + s.title, STYLES["Title"])]
    for rows in tables(s):
        story += [Table(rows, style=GREY), Spacer(1, 20)]
    SimpleDocTemplate(str(path), pagesize=A4).build(story)


def xlsx(s, path):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in zip(("Report", "Summary", "Daily"), tables(s)):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
