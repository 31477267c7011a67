"""A month's statement with reportlab and openpyxl: what rw-gen makes, as a
Python programmer makes it.

The PDF has five tiles, the cumulative P&L as a line, the drawdown as a strip,
the days as bars, the commission, and on a second page the days, the statistics
and what the words mean. The workbook has the same on four sheets: formulas, a
table with conditional formats, two charts of its own. What does not change from
one report to the next is made once.
"""

import calendar
import datetime
import decimal
import functools
import itertools

import openpyxl
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.table import Table as SheetTable, TableStyleInfo
from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.charts.lineplots import LinePlot
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import (PageBreak, Paragraph, SimpleDocTemplate,
                                Spacer, Table, TableStyle)

CENT = decimal.Decimal("0.01")
ZERO = decimal.Decimal()
NAVY, GREY, LINE = HexColor("#17365d"), HexColor("#5a6675"), HexColor("#d5dbe3")
PALE, GREEN, RED = HexColor("#f1f4f8"), HexColor("#2e7d55"), HexColor("#b03030")
DEFINITIONS = [
    ("Trading day", "A day with a P&L, also one of zero. It ends at the "
     "market's close in the time zone shown. No day is estimated."),
    ("Net P&L", "The sum of the daily P&L of the month."),
    ("Cumulative", "The sum of the daily P&L from the start of the month to "
     "the end of that day."),
    ("Drawdown", "The cumulative P&L less its highest value so far in the "
     "month, which begins at zero."),
    ("Winning day", "A day with a P&L above zero; a losing day is below."),
    ("Averages", "The sum over the number of days, rounded half up."),
    ("Profit factor", "Gross profit over gross loss."),
    ("Commission", "The rate on the month's net P&L when that is above zero. "
     "Computed exactly and rounded once."),
    ("n/a", "The figure cannot be formed from this month's days."),
]


def cents(value):
    return value.quantize(CENT, decimal.ROUND_HALF_UP)


def amount(value):
    return "n/a" if value is None else f"{value:,.2f}"


class Statement:
    """Every figure of a report, once, for both drawings."""

    def __init__(self, record):
        self.follower = record["follower_id"]
        self.name = record.get("name", self.follower)
        self.iban = record.get("iban", "")
        self.currency = record.get("currency", "EUR")
        self.year, self.month = map(int, record["report_period"].split("-"))
        self.number = f"{record['report_period']}-{self.follower}"
        self.title = f"{calendar.month_name[self.month]} {self.year}"
        self.last_day = calendar.monthrange(self.year, self.month)[1]
        pairs = sorted((datetime.date.fromisoformat(day),
                        decimal.Decimal(str(pnl)))
                       for day, pnl in record["daily_pnl"].items())
        self.days = [day for day, _ in pairs]
        self.pnl = [pnl for _, pnl in pairs]
        self.cumulative = list(itertools.accumulate(self.pnl))
        peaks = itertools.accumulate([ZERO, *self.cumulative], max)
        next(peaks)
        self.drawdown = [value - peak for value, peak
                         in zip(self.cumulative, peaks)]
        self.net = sum(self.pnl, ZERO)
        self.rate = decimal.Decimal(str(record.get("commission_pct", 20)))
        self.base = max(self.net, ZERO)
        self.commission = cents(self.base * self.rate / 100)
        self.wins = [pnl for pnl in self.pnl if pnl > 0]
        self.losses = [pnl for pnl in self.pnl if pnl < 0]

    def streak(self, good):
        return max((len(list(group)) for is_good, group
                    in itertools.groupby(self.pnl, good) if is_good),
                   default=0)

    def statistics(self):
        """(label, number or None), in the order of the page."""
        def mean(values):
            return cents(sum(values, ZERO) / len(values)) if values else None
        gain, loss = sum(self.wins, ZERO), sum(self.losses, ZERO)
        return [
            ("Trading days", len(self.pnl)), ("Winning days", len(self.wins)),
            ("Losing days", len(self.losses)),
            ("Unchanged days", self.pnl.count(ZERO)),
            ("Winning share", f"{100 * len(self.wins) / len(self.pnl):.1f} %"
             if self.pnl else None),
            ("Average day", mean(self.pnl)), ("Average win", mean(self.wins)),
            ("Average loss", mean(self.losses)),
            ("Best day", max(self.pnl, default=None)),
            ("Worst day", min(self.pnl, default=None)),
            ("Gross profit", gain), ("Gross loss", loss),
            ("Profit factor", cents(gain / -loss) if loss else None),
            ("Longest winning streak", self.streak(lambda pnl: pnl > 0)),
            ("Longest losing streak", self.streak(lambda pnl: pnl < 0)),
            ("Max drawdown", min(self.drawdown, default=ZERO)),
        ]

    def commission_rows(self):
        return [("Base", f"{amount(self.base)} {self.currency}"),
                ("Rate", f"{self.rate} %"),
                ("Rounding", f"Once, half up, to 0.01 {self.currency}"),
                ("IBAN", " ".join(self.iban[i:i + 4] for i
                                  in range(0, len(self.iban), 4))),
                ("Payment reference", f"Commission {self.number}")]


# ---- the PDF --------------------------------------------------------------

HEADING = ParagraphStyle("heading", fontName="Helvetica-Bold", fontSize=10,
                         textColor=NAVY, spaceBefore=8, spaceAfter=2)
TITLE = ParagraphStyle("title", fontName="Helvetica", fontSize=24, leading=28,
                       textColor=NAVY)
NAME = ParagraphStyle("name", fontName="Helvetica-Bold", fontSize=11)
SMALL = ParagraphStyle("small", fontName="Helvetica", fontSize=7, leading=9,
                       textColor=GREY)
TILES = TableStyle([
    ("BACKGROUND", (0, 0), (-1, -1), PALE), ("BACKGROUND", (0, 0), (0, -1), NAVY),
    ("TEXTCOLOR", (0, 0), (-1, -1), GREY), ("TEXTCOLOR", (0, 0), (0, -1), white),
    ("TEXTCOLOR", (1, 1), (-1, 1), NAVY), ("FONTSIZE", (0, 0), (-1, -1), 6.5),
    ("FONT", (0, 1), (-1, 1), "Helvetica-Bold", 13),
    ("BOTTOMPADDING", (0, 1), (-1, 1), 8),
    ("LINEAFTER", (0, 0), (-2, -1), 6, white)])
ROWS = [("FONTSIZE", (0, 0), (-1, -1), 7.5), ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.25, LINE),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2)]
PAIRS = TableStyle([*ROWS, ("TEXTCOLOR", (0, 0), (0, -1), GREY)])
SIDES = TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ("LEFTPADDING", (0, 0), (-1, -1), 0),
                    ("RIGHTPADDING", (0, 0), (-1, -1), 0)])
BOX = TableStyle([("BOX", (0, 0), (-1, -1), 0.75, NAVY),
                  ("VALIGN", (0, 0), (-1, -1), "TOP"),
                  ("LEFTPADDING", (0, 0), (-1, -1), 12),
                  ("TOPPADDING", (0, 0), (-1, -1), 8),
                  ("BOTTOMPADDING", (0, 0), (-1, -1), 8)])
WIDTH = A4[0] - 100


def axis(axis_, low=None, high=None, step=None):
    axis_.strokeColor = axis_.gridStrokeColor = LINE
    axis_.labels.fontSize, axis_.labels.fillColor = 6, GREY
    if step:
        axis_.valueMin, axis_.valueMax, axis_.valueStep = low, high, step


def line_chart(statement, values, height, colour):
    drawing = Drawing(WIDTH, height)
    plot = LinePlot()
    plot.x, plot.y, plot.width, plot.height = 36, 14, WIDTH - 40, height - 20
    plot.data = [[(0, 0.0), *((day.day, float(value)) for day, value
                              in zip(statement.days, values))]]
    plot.lines[0].strokeColor, plot.lines[0].strokeWidth = colour, 1.2
    plot.lines[0].inFill = True
    plot.lines[0].fillColor = PALE
    axis(plot.xValueAxis, 0, statement.last_day, 1)
    axis(plot.yValueAxis)
    plot.yValueAxis.visibleGrid = True
    plot.yValueAxis.labelTextFormat = "%.0f"
    plot.xValueAxis.labelTextFormat = "%d"
    drawing.add(plot)
    return drawing


def bar_chart(statement, height):
    drawing = Drawing(WIDTH, height)
    bars = VerticalBarChart()
    bars.x, bars.y, bars.width, bars.height = 36, 14, WIDTH - 40, height - 20
    by_day = {day.day: float(pnl) for day, pnl
              in zip(statement.days, statement.pnl)}
    bars.data = [[by_day.get(day, 0) for day
                  in range(1, statement.last_day + 1)]]
    bars.categoryAxis.categoryNames = [
        str(day) for day in range(1, statement.last_day + 1)]
    axis(bars.categoryAxis)
    axis(bars.valueAxis)
    bars.categoryAxis.labels.dy = -2
    bars.valueAxis.visibleGrid = True
    bars.valueAxis.labelTextFormat = "%.0f"
    bars.bars.strokeColor = None
    for index, value in enumerate(bars.data[0]):
        bars.bars[0, index].fillColor = GREEN if value > 0 else RED
    drawing.add(bars)
    return drawing


def tiles(s):
    best = max(zip(s.pnl, s.days), default=(None, None))
    worst = min(zip(s.drawdown, s.days), default=(ZERO, None))
    return Table([
        ["NET P&L", "COMMISSION DUE", "WINNING DAYS", "BEST DAY",
         "MAX DRAWDOWN"],
        [f"{s.net:+,.2f}", amount(s.commission),
         f"{len(s.wins)} of {len(s.pnl)}", amount(best[0]), amount(worst[0])],
        [s.currency, s.currency, "", str(best[1] or ""), str(worst[1] or "")],
    ], colWidths=[WIDTH / 5] * 5, style=TILES)


def days_table(s):
    style = [*ROWS, ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 7),
             ("FONT", (0, -1), (-1, -1), "Helvetica-Bold", 7.5)]
    style += [("TEXTCOLOR", (2, row), (2, row), GREEN if pnl > 0 else RED)
              for row, pnl in enumerate(s.pnl, 1) if pnl]
    rows = [[str(day), f"{day:%a}", *map(amount, figures)] for day, *figures
            in zip(s.days, s.pnl, s.cumulative, s.drawdown)]
    return Table([["Date", "", "P&L", "Cumulative", "Drawdown"], *rows,
                  ["Month", "", *map(amount, (
                      s.net, s.net, min(s.drawdown, default=ZERO)))]],
                 colWidths=[58, 28, 72, 72, 72], repeatRows=1,
                 style=TableStyle(style))


def definitions():
    return Table([[Paragraph(f"<b>{word.replace('&', '&amp;')}</b>", SMALL),
                   Paragraph(meaning.replace("&", "&amp;"), SMALL)]
                  for word, meaning in DEFINITIONS],
                 colWidths=[80, WIDTH - 80], style=SIDES)


def frame(canvas, document, statement):
    canvas.saveState()
    canvas.setFillColor(NAVY)
    canvas.setFont("Helvetica-Bold", 12)
    canvas.drawString(50, A4[1] - 45, "SpreadPilot")
    canvas.setFont("Helvetica", 7)
    canvas.drawRightString(A4[0] - 50, A4[1] - 45, "MONTHLY STATEMENT")
    canvas.setStrokeColor(NAVY)
    canvas.line(50, A4[1] - 55, A4[0] - 50, A4[1] - 55)
    canvas.setFillColor(GREY)
    canvas.drawString(50, 35, f"SpreadPilot · Statement {statement.number}")
    canvas.drawRightString(A4[0] - 50, 35, f"Page {document.page} of 2")
    canvas.restoreState()


def pdf(s, path):
    stats = [[label, amount(value) if isinstance(value, decimal.Decimal)
              else "n/a" if value is None else value]
             for label, value in s.statistics()]
    head = Table([["Period", f"1 – {s.last_day} {s.title}"],
                  ["Statement", s.number], ["Currency", s.currency],
                  ["Time zone", "America/New_York"]],
                 colWidths=[60, 160], style=PAIRS)
    due = [Paragraph("COMMISSION DUE", SMALL),
           Paragraph(f"{amount(s.commission)} {s.currency}", TITLE)]
    story = [
        Table([[[Paragraph(s.title, TITLE), Paragraph(s.name, NAME),
                 Paragraph(f"Follower {s.follower}", SMALL)], head]],
              colWidths=[WIDTH - 230, 230], style=SIDES),
        Spacer(1, 12), tiles(s),
        Paragraph("Cumulative P&amp;L", HEADING),
        line_chart(s, s.cumulative, 150, NAVY),
        Paragraph("Drawdown", HEADING), line_chart(s, s.drawdown, 70, RED),
        Paragraph("Daily P&amp;L", HEADING), bar_chart(s, 130), Spacer(1, 8),
        Table([[due, Table(s.commission_rows(), colWidths=[90, 160],
                           style=PAIRS)]],
              colWidths=[WIDTH - 280, 280], style=BOX),
        PageBreak(),
        Table([[[Paragraph("Daily results", HEADING), days_table(s)],
                [Paragraph("Statistics", HEADING),
                 Table(stats, colWidths=[95, 70], style=PAIRS)]]],
              colWidths=[325, WIDTH - 325], style=SIDES),
        Paragraph("Definitions", HEADING), definitions()]
    page = functools.partial(frame, statement=s)
    SimpleDocTemplate(
        str(path), pagesize=A4, leftMargin=44, rightMargin=44, topMargin=62,
        bottomMargin=45, title=f"Statement {s.number}",
        author="SpreadPilot").build(story, onFirstPage=page, onLaterPages=page)


# ---- the workbook ---------------------------------------------------------

BIG, BOLD = Font(size=16, bold=True, color="17365D"), Font(bold=True)
LABEL = Font(color="5A6675")
HEAD_FILL = PatternFill("solid", start_color="17365D")
HEAD_FONT = Font(bold=True, color="FFFFFF")
UNDER = Border(bottom=Side(style="thin", color="D5DBE3"))
WRAP = Alignment(wrap_text=True, vertical="top")
MONEY, PERCENT = "#,##0.00;[Red]-#,##0.00", "0.0%"
GAIN = CellIsRule(operator="greaterThan", formula=["0"],
                  font=Font(color="2E7D55"))
LOSS = CellIsRule(operator="lessThan", formula=["0"],
                  font=Font(color="B03030"))


def sheet(book, name, title, s, widths):
    made = book.create_sheet(name)
    made["A1"], made["A2"] = title, f"{s.title}, {s.currency}"
    made["A1"].font, made["A2"].font = BIG, LABEL
    for column, width in widths.items():
        made.column_dimensions[column].width = width
    made.sheet_view.showGridLines = False
    made.page_setup.fitToHeight = 0
    made.sheet_properties.pageSetUpPr = \
        openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)
    return made


def pairs(made, row, rows):
    """Labels and values, with a format where one is given."""
    for row, (label, value, *number) in enumerate(rows, row):
        left, right = made.cell(row, 1, label), made.cell(row, 2, value)
        left.font, left.border, right.border = LABEL, UNDER, UNDER
        if number:
            right.number_format = number[0]
    return row


def daily_sheet(book, s):
    made = sheet(book, "Daily", "Daily results", s, {
        "A": 12, "B": 6, "C": 14, "D": 14, "E": 14})
    made.append([])
    made.append(["Date", "Day", "P&L", "Cumulative", "Drawdown"])
    for cell in made[4]:
        cell.font, cell.fill = HEAD_FONT, HEAD_FILL
    for row, (day, pnl) in enumerate(zip(s.days, s.pnl), 5):
        made.append([day, f"{day:%a}", pnl, f"=ROUND(SUM(C$5:C{row}),2)",
                     f"=ROUND(D{row}-MAX(0,D$5:D{row}),2)"])
        for cell in made[row]:
            cell.border = UNDER
        made.cell(row, 1).number_format = "yyyy-mm-dd"
        for column in (3, 4, 5):
            made.cell(row, column).number_format = MONEY
    last = max(5, 4 + len(s.days))
    table = SheetTable(displayName="Days", ref=f"A4:E{last}")
    table.tableStyleInfo = TableStyleInfo("TableStyleLight1",
                                          showRowStripes=False)
    made.add_table(table)
    made.conditional_formatting.add(f"C5:C{last}", GAIN)
    made.conditional_formatting.add(f"C5:C{last}", LOSS)
    made.freeze_panes = "A5"
    made.print_title_rows = "1:4"
    return made, last


def add_charts(summary, daily, last):
    dates = Reference(daily, min_col=1, min_row=5, max_row=last)
    for kind, columns, title, place in (
            (LineChart, (4, 5), "Cumulative P&L and drawdown", "D3"),
            (BarChart, (3, 3), "Daily P&L", "D20")):
        chart = kind()
        chart.title, chart.width, chart.height = title, 18, 8
        chart.add_data(Reference(daily, min_col=columns[0], max_col=columns[1],
                                 min_row=4, max_row=last),
                       titles_from_data=True)
        chart.set_categories(dates)
        chart.y_axis.number_format = "#,##0"
        chart.x_axis.number_format = "d mmm"
        chart.x_axis.tickLblPos = "low"
        chart.series[0].graphicalProperties.line.solidFill = "17365D"
        summary.add_chart(chart, place)


def summary_rows(s, last):
    days = f"Daily!C5:C{last}"
    return [
        ("Trading days", f"=COUNT({days})"),
        ("Winning days", f'=COUNTIF({days},">0")'),
        ("Losing days", f'=COUNTIF({days},"<0")'),
        ("Unchanged days", f"=COUNTIF({days},0)"),
        ("Winning share", "=ROUND(B18/B17,3)", PERCENT),
        ("Average day", f"=ROUND(AVERAGE({days}),2)", MONEY),
        ("Average win", f'=ROUND(AVERAGEIF({days},">0"),2)', MONEY),
        ("Average loss", f'=ROUND(AVERAGEIF({days},"<0"),2)', MONEY),
        ("Best day", f"=MAX({days})", MONEY),
        ("Worst day", f"=MIN({days})", MONEY),
        ("Gross profit", f'=ROUND(SUMIF({days},">0"),2)', MONEY),
        ("Gross loss", f'=ROUND(SUMIF({days},"<0"),2)', MONEY),
        ("Profit factor", "=ROUND(B27/-B28,2)", "0.00"),
        ("Longest winning streak", s.streak(lambda pnl: pnl > 0)),
        ("Longest losing streak", s.streak(lambda pnl: pnl < 0)),
        ("Max drawdown", f"=MIN(Daily!E5:E{last})", MONEY)]


def xlsx(s, path):
    book = openpyxl.Workbook()
    book.remove(book.active)
    summary = sheet(book, "Summary", "Monthly statement", s,
                    {"A": 26, "B": 26})
    daily, last = daily_sheet(book, s)
    pairs(summary, 4, [
        ("Name", s.name), ("Follower", s.follower), ("Statement", s.number),
        ("Period", f"1 – {s.last_day} {s.title}"), ("Currency", s.currency),
        ("Time zone", "America/New_York"), ("From", "SpreadPilot")])
    summary["A12"], summary["A16"] = "Result", "Statistics"
    summary["A12"].font = summary["A16"].font = BOLD
    pairs(summary, 13, [
        ("Net P&L", f"=ROUND(SUM(Daily!C5:C{last}),2)", MONEY),
        ("Commission due", "=Commission!B8", MONEY)])
    pairs(summary, 17, summary_rows(s, last))
    add_charts(summary, daily, last)
    commission = sheet(book, "Commission", "Commission", s,
                       {"A": 26, "B": 44})
    pairs(commission, 4, [
        ("Fee model", "On each month's P&L"),
        ("Base", "=MAX(0,Summary!B13)", MONEY), ("Rate", s.rate / 100, "0.##%"),
        ("Unrounded", "=B5*B6", "#,##0.0000"),
        ("Commission due", "=ROUND(B7,2)", MONEY),
        *s.commission_rows()[2:]])
    words = sheet(book, "Definitions", "Definitions", s, {"A": 18, "B": 80})
    for row in range(4, pairs(words, 4, DEFINITIONS) + 1):
        words.cell(row, 2).alignment = WRAP
    book.properties.title = f"Statement {s.number}"
    book.properties.creator = "SpreadPilot"
    book.save(path)
