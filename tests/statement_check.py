"""Checks what rw-gen made, against the records themselves and Python's own
decimal arithmetic. usage: statement_check.py CHECK [hwm] <OUTPUT OF rw-gen

  sums      total and commission of each line
  layout    each PDF: nothing overlaps or leaves the page, every figure is there
  workbook  each workbook as openpyxl reads it: structure, types, values
  recalc    each workbook's values as LibreOffice computes them anew
  delivered LEDGER MAILDIR
            the ledger's figures, and that each mail carries the very files
"""

import datetime
import email
import email.policy
import html
import json
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from decimal import ROUND_HALF_UP, Decimal

import openpyxl

MINOR = {"JPY": 0, "KWD": 3}


class Wrong(Exception):
    pass


def expect(what, got, wanted):
    if got != wanted:
        raise Wrong(f"{what}: {got!r}, expected {wanted!r}")


class Figures:
    """What the statement of a record must say."""

    def __init__(self, record, hwm):
        self.record = record
        self.minor = MINOR.get(record.get("currency", "EUR"), 2)
        self.days = sorted((day, Decimal(str(pnl)))
                           for day, pnl in record["daily_pnl"].items())
        needed = [-pnl.normalize().as_tuple().exponent
                  for _, pnl in self.days]
        self.digits = max([self.minor, *needed])
        self.total = sum((pnl for _, pnl in self.days), Decimal(0))
        self.base = max(self.total, Decimal(0))
        if hwm:
            mark = Decimal(record["high_water_mark"])
            closing = Decimal(record["opening_balance"]) + self.total
            self.base = max(min(closing - mark, self.total), Decimal(0))
            self.mark_after = max(mark, closing)
        rate = Decimal(str(record["commission_pct"]))
        self.due = self.round(self.base * rate / 100, self.minor)
        self.rows = []
        cumulative = highest = Decimal(0)
        for day, pnl in self.days:
            cumulative += pnl
            highest = max(highest, cumulative)
            self.rows.append((day, pnl, cumulative, cumulative - highest))

    @staticmethod
    def round(value, digits):
        return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)

    def text(self, value):
        return f"{value + 0:,.{self.digits}f}"

    def statistics(self):
        wins = [pnl for _, pnl in self.days if pnl > 0]
        losses = [pnl for _, pnl in self.days if pnl < 0]
        figures = {"Trading days": len(self.days),
                   "Winning days": len(wins), "Losing days": len(losses)}
        if self.days:
            figures["Best day"] = max(pnl for _, pnl in self.days)
            figures["Worst day"] = min(pnl for _, pnl in self.days)
            figures["Gross profit"] = sum(wins, Decimal(0))
            figures["Gross loss"] = sum(losses, Decimal(0))
            figures["Max drawdown"] = min(row[3] for row in self.rows)
            figures["Average day"] = self.round(
                self.total / len(self.days), self.digits)
        if wins:
            figures["Average win"] = self.round(sum(wins) / len(wins),
                                                self.digits)
        if losses:
            figures["Average loss"] = self.round(sum(losses) / len(losses),
                                                 self.digits)
            figures["Profit factor"] = self.round(
                sum(wins, Decimal(0)) / -sum(losses), 2)
        return figures


    def percentages(self):
        figures = {}
        if self.days:
            figures["Winning share"] = self.round(Decimal(100 * sum(
                pnl > 0 for _, pnl in self.days)) / len(self.days), 1)
        opening = Decimal(self.record.get("opening_balance") or 0)
        if opening > 0:
            figures["Return"] = self.round(100 * self.total / opening, 2)
        if opening > 0 and self.days and all(
                opening + row[2] - row[3] > 0 for row in self.rows):
            figures["Max drawdown in %"] = self.round(100 * min(
                row[3] / (opening + row[2] - row[3])
                for row in self.rows), 2)
        return figures


# ---- sums ------------------------------------------------------------------

def check_sums(record, figures):
    expect("total_pnl", Decimal(record["total_pnl"]), figures.total)
    expect("commission_amount", Decimal(record["commission_amount"]),
           figures.due)
    expect("decimals of the commission",
           len(record["commission_amount"].partition(".")[2]), figures.minor)
    if hasattr(figures, "mark_after"):
        expect("high_water_mark_after",
               Decimal(record["high_water_mark_after"]), figures.mark_after)


# ---- layout ----------------------------------------------------------------

WORD = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" '
                  r'yMax="([-\d.]+)">(.*?)</word>')
PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>',
                  re.S)
MARGIN = 40


def read_pages(path):
    done = subprocess.run(["pdftotext", "-bbox", path, "-"], check=True,
                          capture_output=True, text=True)
    expect("pdftotext complains", done.stderr, "")
    for width, height, body in PAGE.findall(done.stdout):
        words = [(*map(float, box), html.unescape(text))
                 for *box, text in WORD.findall(body)]
        yield float(width), float(height), words


def overlap(a, b):
    return min(a[2], b[2]) - max(a[0], b[0]) > 0.2 and \
        min(a[3], b[3]) - max(a[1], b[1]) > 0.2


def check_page(width, height, words):
    for left, upper, right, lower, text in words:
        if left < MARGIN or right > width - MARGIN or upper < 20 or \
                lower > height - 20:
            raise Wrong(f"{text!r} leaves the page at {left}, {upper}")
    words = sorted(words, key=lambda word: word[1])
    for i, a in enumerate(words):
        for b in words[i + 1:]:
            if b[1] > a[3]:
                break
            if overlap(a, b):
                raise Wrong(f"{a[4]!r} and {b[4]!r} overlap at {a[:4]}")


def read_lines(words):
    """The words of a page as lines, left to right."""
    def baseline(word):  # of Helvetica, whose ascent is 718 of 925
        return word[1] + (word[3] - word[1]) * 718 / 925

    lines = []
    for word in sorted(words, key=baseline):
        if not lines or baseline(word) - baseline(lines[-1][-1]) > 0.5:
            lines.append([])
        lines[-1].append(word)
    for line in lines:
        yield " ".join(word[4] for word in sorted(line))


def check_days(words, figures):
    """Each row of the table of days, cell by cell."""
    middle = min((word[0] for word in words if word[4] == "Statistics"))
    lines = list(read_lines([word for word in words if word[2] < middle]))
    for day, *amounts in figures.rows:
        weekday = datetime.date.fromisoformat(day).strftime("%a")
        wanted = " ".join([day, weekday, *map(figures.text, amounts)])
        if wanted not in lines:
            raise Wrong(f"no row {wanted}")
    lines = list(read_lines([word for word in words if word[0] >= middle]))
    for name, value in figures.statistics().items():
        shown = figures.text(value) if isinstance(value, Decimal) and \
            name != "Profit factor" else f"{value:,}"
        if f"{name} {shown}" not in lines:
            raise Wrong(f"no line {name} {shown} in {lines}")
    for name, value in figures.percentages().items():
        shown = f"{value.normalize():,f} %"
        if f"{name} {shown}" not in lines:
            raise Wrong(f"no line {name} {shown} in {lines}")


def check_box(words, record, figures):
    """The commission box, line by line."""
    lines = " | ".join(read_lines(words))
    currency = record["currency"]
    due = f"{figures.due:,.{figures.minor}f} {currency}"
    rate = Decimal(str(record["commission_pct"])).normalize()
    for wanted in (due, f"Base {figures.text(figures.base)} {currency}",
                   f"Rate {rate:f} %", "Rounding Once, half up, to "):
        if wanted not in lines:
            raise Wrong(f"no {wanted} in {lines}")


def check_layout(record, figures):
    pages = list(read_pages(record["pdf_path"]))
    expect("pages", len(pages), 2 if figures.days else 1)
    for page in pages:
        check_page(*page)
    texts = [" ".join(word[4] for word in page[2]) for page in pages]
    for number, text in enumerate(texts, 1):
        if f"Page {number} of {len(pages)}" not in text:
            raise Wrong(f"page {number} has no number")
    check_box(pages[0][2], record, figures)
    if figures.days:
        check_days(pages[1][2], figures)
    else:
        expect("words for no trading day", "There was no trading day in" in
               texts[0], True)
    # A long ID is cut in one place and whole in another, over several lines.
    joined = "".join(texts).replace(" ", "")
    expect("the ID is there", record["follower_id"] in joined, True)
    name = record.get("name") or ""
    # Words that run from right to left come in the order of the page.
    shown = name.replace(" ", "")[:60] in joined or all(
        word in joined or word[::-1] in joined for word in name.split())
    hidden = "The name is in a script" in texts[0]
    expect("the name is there, or said not to be", shown != hidden, True)


# ---- workbook --------------------------------------------------------------

SHEETS = ["Summary", "Daily", "Commission", "Definitions"]


def near(got, wanted):
    """Equal as far as the 15 digits of a spreadsheet go."""
    return isinstance(got, (int, float)) and \
        abs(Decimal(repr(got)) - Decimal(wanted)) <= \
        max(abs(Decimal(wanted)) * Decimal("1e-14"), Decimal("1e-9"))


def expect_near(what, got, wanted):
    if not near(got, wanted):
        raise Wrong(f"{what}: {got!r}, expected {wanted}")


def column(sheet, label):
    """The value beside a label."""
    for row in sheet.iter_rows(min_col=1, max_col=2):
        if row[0].value == label:
            return row[1].value
    raise Wrong(f"{sheet.title} has no {label}")


def check_values(book, record, figures):
    summary, daily, commission, _ = (book[name] for name in SHEETS)
    expect_near("Net P&L", column(summary, "Net P&L"), figures.total)
    expect_near("Commission due", column(summary, "Commission due"),
                figures.due)
    expect_near("Commission due", column(commission, "Commission due"),
                figures.due)
    expect_near("Base", column(commission, "Base"), figures.base)
    for name, value in figures.statistics().items():
        expect_near(name, column(summary, name), value)
    for name, value in figures.percentages().items():
        expect_near(name, column(summary, name), value / 100)
    if hasattr(figures, "mark_after"):
        expect_near("High-water mark after", column(commission, "After"),
                    figures.mark_after)
    for number, (day, *amounts) in enumerate(figures.rows, 5):
        cells = [cell.value for cell in daily[number]]
        expect("date", cells[0], datetime.datetime.fromisoformat(day))
        for got, wanted in zip(cells[2:5], amounts):
            expect_near(f"{day}", got, wanted)
    if figures.rows:
        last = [cell.value for cell in daily[5 + len(figures.rows)]]
        expect_near("sum of the days", last[2], figures.total)
        expect_near("lowest drawdown", last[4],
                    min(row[3] for row in figures.rows))


def check_structure(book, record, figures):
    expect("sheets", book.sheetnames, SHEETS)
    for sheet in book:
        expect("paper", str(sheet.page_setup.paperSize), "9")
        expect("one page wide", (sheet.page_setup.fitToWidth or 1,
                                 sheet.page_setup.fitToHeight), (1, 0))
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f" and sheet.title == "Definitions":
                    raise Wrong(f"a formula at {cell.coordinate}")
    name = column(book["Summary"], "Name")
    expect("name", name, record.get("name") or "n/a")
    daily = book["Daily"]
    expect("frozen", daily.freeze_panes, "A5")
    if figures.rows:
        expect("tables", list(daily.tables), ["Days"])
        expect("totals", daily.tables["Days"].totalsRowCount, 1)
        rules = [rule for ranges in daily.conditional_formatting
                 for rule in ranges.rules]
        expect("red and green", sorted(rule.operator for rule in rules),
               ["greaterThan", "lessThan"])
        expect("a real date", daily["A5"].is_date, True)
        digits = "" if figures.digits == 0 else "." + "0" * figures.digits
        expect("format", daily["C5"].number_format, "#,##0" + digits)


def cached_values(archive, name):
    values = re.search("<c:val>.*?</c:val>", archive.read(name).decode(),
                       re.S).group()
    return [float(value) for value in re.findall("<c:v>(.*?)</c:v>", values)]


def check_charts(path, figures):
    """What a program shows that does not compute is what the cells have."""
    with zipfile.ZipFile(path) as archive:
        charts = sorted(name for name in archive.namelist()
                        if name.startswith("xl/charts/chart"))
        expect("charts", len(charts), 2 if figures.rows else 0)
        for name, column in zip(charts, (2, 1)):
            expect(name, [f"{value:.14g}"
                          for value in cached_values(archive, name)],
                   [f"{float(row[column]):.14g}" for row in figures.rows])


def check_workbook(record, figures):
    path = record["excel_path"]
    check_structure(openpyxl.load_workbook(path), record, figures)
    check_values(openpyxl.load_workbook(path, data_only=True), record,
                 figures)
    check_charts(path, figures)


# ---- as LibreOffice computes it --------------------------------------------

RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def check_recalculated(records, hwm):
    """LibreOffice is told to compute every formula anew, and started once."""
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        profile = work / "profile" / "user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(RECALCULATE)
        for number, record in enumerate(records):
            (work / f"{number}.xlsx").write_bytes(
                pathlib.Path(record["excel_path"]).read_bytes())
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{work}/profile",
             "--headless", "--convert-to", "xlsx", "--outdir", work / "new",
             *sorted(work.glob("*.xlsx"))],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for number, record in enumerate(records):
            book = openpyxl.load_workbook(work / "new" / f"{number}.xlsx",
                                          data_only=True)
            attempt(lambda r, f: check_values(book, r, f), record, hwm)


# ---- ledger and mail -------------------------------------------------------

def read_mails(maildir):
    """The attachments of each mail, by address: name to bytes."""
    mails = {}
    for path in pathlib.Path(maildir, "new").iterdir():
        message = email.message_from_bytes(path.read_bytes(),
                                           policy=email.policy.default)
        mails[message["To"].addresses[0].addr_spec] = {
            part.get_filename(): part.get_content()
            for part in message.iter_attachments()}
    return mails


def check_delivered(ledger, mails, record, figures):
    row = ledger.execute(
        "SELECT email_sent, total_pnl, commission_amount, "
        "high_water_mark_after FROM report_sent WHERE follower_id = ?",
        [record["follower_id"]]).fetchone()
    expect("sent", row[0], 1)
    expect("total_pnl", Decimal(row[1]), figures.total)
    expect("commission_amount", Decimal(row[2]), figures.due)
    if hasattr(figures, "mark_after"):
        expect("high_water_mark_after", Decimal(row[3]), figures.mark_after)
    files = sorted(pathlib.Path(record[member]).read_bytes()
                   for member in ("pdf_path", "excel_path"))
    expect("the files", sorted(mails[record["email"]].values()) == files,
           True)


# ---- together --------------------------------------------------------------

failures = []


def attempt(check, record, hwm):
    try:
        check(record, Figures(record, hwm))
    except Wrong as wrong:
        failures.append(f"{record['follower_id'][:40]}: {wrong}")


def main():
    check, hwm = sys.argv[1], "hwm" in sys.argv[2:]
    records = [json.loads(line) for line in sys.stdin]
    if not records:
        raise SystemExit("no records to check")
    if check == "recalc":
        check_recalculated(records, hwm)
    elif check == "delivered":
        ledger = sqlite3.connect(sys.argv[2])
        mails = read_mails(sys.argv[3])
        for record in records:
            attempt(lambda r, f: check_delivered(ledger, mails, r, f),
                    record, hwm)
    else:
        for record in records:
            attempt({"sums": check_sums, "layout": check_layout,
                     "workbook": check_workbook}[check], record, hwm)
    for failure in failures[:20]:
        print(failure)
    print(f"{len(records)} checked, {len(failures)} wrong")
    raise SystemExit(1 if failures else 0)


main()
