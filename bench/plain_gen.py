"""Makes the PDF and the workbook of each report line of standard input, the
way a plain Python worker does it: a title and three grey tables (follower,
summary, days), with reportlab's platypus and with openpyxl, each cell with its
font and border; no chart. usage: plain_gen.py DIRECTORY [pdf|xlsx]
"""

import json
import os
import sys
from decimal import ROUND_HALF_UP, Decimal

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import (Paragraph, SimpleDocTemplate, Spacer, Table,
                                TableStyle)


def report(record):
    """The three tables, as rows of two; an amount is a Decimal."""
    days = sorted((day, Decimal(str(pnl)))
                  for day, pnl in record["daily_pnl"].items())
    total = sum((pnl for _, pnl in days), Decimal(0))
    rate = Decimal(str(record["commission_pct"]))
    due = (max(total, Decimal(0)) * rate / 100).quantize(
        Decimal("0.01"), ROUND_HALF_UP)
    return {
        "Follower": [("ID", record["follower_id"]),
                     ("Name", record.get("name", "")),
                     ("IBAN", record.get("iban", "")),
                     ("Commission rate", f"{rate} %")],
        "Summary": [("Total P&L", total), ("Commission rate", f"{rate} %"),
                    ("Commission", due)],
        "Daily P&L": [("Date", "P&L"), *days],
    }


def words(value):
    return f"{value:,.2f}" if isinstance(value, Decimal) else value


def grey(headed):
    """A table's style: its first row grey when headed, else its labels."""
    where = ((0, 0), (-1, 0)) if headed else ((0, 0), (0, -1))
    return TableStyle([
        ("BACKGROUND", *where, colors.lightgrey),
        ("TEXTCOLOR", *where, colors.black),
        ("FONTNAME", (0, 0), (-1, -1), "Helvetica"),
        ("FONTSIZE", (0, 0), (-1, -1), 10),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
        ("ALIGN", (1, 0), (1, -1), "RIGHT"),
        ("GRID", (0, 0), (-1, -1), 1, colors.black),
    ])


def pdf(record, path):
    styles = getSampleStyleSheet()
    story = [Paragraph(f"Monthly Report {record['report_period']}",
                       styles["Title"]), Spacer(1, 24)]
    for name, rows in report(record).items():
        table = Table([[label, words(value)] for label, value in rows],
                      colWidths=[150, 300])
        table.setStyle(grey(name == "Daily P&L"))
        story += [Paragraph(name.replace("&", "&amp;"), styles["Heading1"]),
                  Spacer(1, 12), table, Spacer(1, 24)]
    SimpleDocTemplate(path, pagesize=A4, rightMargin=72, leftMargin=72,
                      topMargin=72, bottomMargin=72).build(story)


def xlsx(record, path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Monthly Report"
    sheet.column_dimensions["A"].width = 20
    sheet.column_dimensions["B"].width = 30
    title, head, normal = (Font(name="Arial", size=14, bold=True),
                           Font(name="Arial", size=12, bold=True),
                           Font(name="Arial", size=11))
    fill = PatternFill("solid", start_color="DDDDDD", end_color="DDDDDD")
    thin = Side(style="thin")
    border = Border(left=thin, right=thin, top=thin, bottom=thin)
    sheet["A1"] = f"Monthly Report {record['report_period']}"
    sheet["A1"].font = title
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.merge_cells("A1:B1")
    row = 3
    for name, rows in report(record).items():
        sheet[f"A{row}"] = name
        sheet[f"A{row}"].font = head
        for label, value in rows:
            row += 1
            sheet[f"A{row}"], sheet[f"B{row}"] = label, value
            if isinstance(value, Decimal):
                sheet[f"B{row}"].number_format = "#,##0.00"
            for cell in (sheet[f"A{row}"], sheet[f"B{row}"]):
                cell.font = normal
                cell.border = border
            sheet[f"A{row}"].fill = fill
        row += 2
    book.save(path)


def main():
    directory = sys.argv[1]
    parts = sys.argv[2:] or ["pdf", "xlsx"]
    for line in sys.stdin:
        record = json.loads(line)
        base = os.path.join(directory, record["follower_id"])
        if "pdf" in parts:
            pdf(record, base + ".pdf")
        if "xlsx" in parts:
            xlsx(record, base + ".xlsx")


main()
