#include "statement/words.h"

static const char *const words[RW_WORDS] = {
	[RW_WORD_MONTHLY_STATEMENT] = "Monthly statement",
	[RW_WORD_MONTHLY_STATEMENT_CAPS] = "MONTHLY STATEMENT",
	[RW_WORD_STATEMENT] = "Statement",
	[RW_WORD_NAME] = "Name",
	[RW_WORD_FOLLOWER] = "Follower",
	[RW_WORD_PERIOD] = "Period",
	[RW_WORD_CURRENCY] = "Currency",
	[RW_WORD_TIME_ZONE] = "Time zone",
	[RW_WORD_ISSUED] = "Issued",
	[RW_WORD_FROM] = "From",
	[RW_WORD_NAME_NOT_SHOWN] = "The name is in a script that this document "
		"cannot show.",
	[RW_WORD_NAME_PARTLY_SHOWN] = "This document cannot show all "
		"characters of the name.",

	[RW_WORD_NET_PNL_CAPS] = "NET P&L",
	[RW_WORD_COMMISSION_DUE_CAPS] = "COMMISSION DUE",
	[RW_WORD_WINNING_DAYS_CAPS] = "WINNING DAYS",
	[RW_WORD_BEST_DAY_CAPS] = "BEST DAY",
	[RW_WORD_MAX_DRAWDOWN_CAPS] = "MAX DRAWDOWN",
	[RW_WORD_WORST_DAY_CAPS] = "WORST DAY",
	[RW_WORD_RETURN_CAPS] = "RETURN",
	[RW_WORD_RETURN_NOTE] = "of the opening balance",
	[RW_WORD_CLOSING_BALANCE_CAPS] = "CLOSING BALANCE",
	[RW_WORD_NO_DAY_NOTE] = "no trading day",

	[RW_WORD_RESULT] = "Result",
	[RW_WORD_STATISTICS] = "Statistics",
	[RW_WORD_NET_PNL] = "Net P&L",
	[RW_WORD_COMMISSION_DUE] = "Commission due",
	[RW_WORD_TRADING_DAYS] = "Trading days",
	[RW_WORD_WINNING_DAYS] = "Winning days",
	[RW_WORD_LOSING_DAYS] = "Losing days",
	[RW_WORD_UNCHANGED_DAYS] = "Unchanged days",
	[RW_WORD_WINNING_SHARE] = "Winning share",
	[RW_WORD_AVERAGE_DAY] = "Average day",
	[RW_WORD_AVERAGE_WIN] = "Average win",
	[RW_WORD_AVERAGE_LOSS] = "Average loss",
	[RW_WORD_BEST_DAY] = "Best day",
	[RW_WORD_WORST_DAY] = "Worst day",
	[RW_WORD_GROSS_PROFIT] = "Gross profit",
	[RW_WORD_GROSS_LOSS] = "Gross loss",
	[RW_WORD_PROFIT_FACTOR] = "Profit factor",
	[RW_WORD_WINNING_STREAK] = "Longest winning streak",
	[RW_WORD_LOSING_STREAK] = "Longest losing streak",
	[RW_WORD_MAX_DRAWDOWN] = "Max drawdown",
	[RW_WORD_OPENING_BALANCE] = "Opening balance",
	[RW_WORD_CLOSING_BALANCE] = "Closing balance",
	[RW_WORD_RETURN] = "Return",
	[RW_WORD_DRAWDOWN_SHARE] = "Max drawdown in %",
	[RW_WORD_NOT_AVAILABLE] = "n/a",

	[RW_WORD_DAILY_RESULTS] = "Daily results",
	[RW_WORD_DATE] = "Date",
	[RW_WORD_DAY] = "Day",
	[RW_WORD_PNL] = "P&L",
	[RW_WORD_CUMULATIVE] = "Cumulative",
	[RW_WORD_DRAWDOWN] = "Drawdown",
	[RW_WORD_MONTH] = "Month",
	[RW_WORD_CUMULATIVE_PNL] = "Cumulative P&L",
	[RW_WORD_DAILY_PNL] = "Daily P&L",
	[RW_WORD_NO_DRAWDOWN] = "The cumulative P&L never fell below its "
		"highest value.",
	[RW_WORD_NO_TRADING_DAY] = "There was no trading day in this month.",
	[RW_WORD_NOTHING_DUE] = "So there is no result to show and no "
		"commission to pay.",
	[RW_WORD_SUNDAY] = "Sun",
	[RW_WORD_MONDAY] = "Mon",
	[RW_WORD_TUESDAY] = "Tue",
	[RW_WORD_WEDNESDAY] = "Wed",
	[RW_WORD_THURSDAY] = "Thu",
	[RW_WORD_FRIDAY] = "Fri",
	[RW_WORD_SATURDAY] = "Sat",

	[RW_WORD_COMMISSION] = "Commission",
	[RW_WORD_FEE_MODEL] = "Fee model",
	[RW_WORD_MODEL_HWM] = "On P&L above the high-water mark",
	[RW_WORD_MODEL_MONTHLY] = "On each month's P&L",
	[RW_WORD_BASE] = "Base",
	[RW_WORD_RATE] = "Rate",
	[RW_WORD_UNROUNDED] = "Unrounded",
	[RW_WORD_ROUNDING] = "Rounding",
	[RW_WORD_ACCOUNT] = "Account on file",
	[RW_WORD_NO_ACCOUNT] = "None",
	[RW_WORD_IN_WORDS] = "In words",
	[RW_WORD_MARK] = "High-water mark",
	[RW_WORD_BEFORE] = "Before",
	[RW_WORD_AFTER] = "After",
	[RW_WORD_MARK_BEFORE] = "High-water mark before",
	[RW_WORD_MARK_AFTER] = "High-water mark after",

	[RW_WORD_PAYMENT] = "Payment",
	[RW_WORD_PAYEE] = "Payee",
	[RW_WORD_IBAN] = "IBAN",
	[RW_WORD_BIC] = "BIC",
	[RW_WORD_DUE] = "Due",
	[RW_WORD_REFERENCE] = "Payment reference",
	[RW_WORD_SCAN] = "Scan the code with your banking app",

	[RW_WORD_ISSUER] = "Issuer",
	[RW_WORD_ADDRESS] = "Address",
	[RW_WORD_NUMBER] = "Number",
	[RW_WORD_CONTACT] = "Contact",
	[RW_WORD_NOTE] = "Note",

	[RW_WORD_CORRECTED_REPLACES] = "Corrected statement, replaces",
	[RW_WORD_CORRECTIONS] = "Corrections",
	[RW_WORD_SAME_FIGURES] = "These figures are the same; a name, an "
		"account or a date may differ.",
	[RW_WORD_SEE_WORKBOOK] = "see the workbook",
	[RW_WORD_FIGURE] = "Figure",
	[RW_WORD_NOW] = "Now",
	[RW_WORD_TWELVE_MONTHS] = "Twelve months",
	[RW_WORD_YEAR_TO_DATE] = "Year to date",
	[RW_WORD_SINCE_START] = "Since start",
	[RW_WORD_MONTHS] = "Months",

	[RW_WORD_DEFINITIONS] = "Definitions",
	[RW_WORD_TRADING_DAY] = "Trading day",
	[RW_WORD_WINNING_DAY] = "Winning day",
	[RW_WORD_AVERAGES] = "Averages",
	[RW_WORD_MEANS_TRADING_DAY] = "A day with a P&L, also one of zero. It "
		"ends at the market's close in the time zone shown. No day is "
		"estimated or filled in.",
	[RW_WORD_MEANS_NET_PNL] = "The sum of the daily P&L of the month.",
	[RW_WORD_MEANS_CUMULATIVE] = "The sum of the daily P&L from the start "
		"of the month to the end of that day.",
	[RW_WORD_MEANS_DRAWDOWN] = "The cumulative P&L less its highest value "
		"so far in the month, which begins at zero. The max drawdown "
		"is the lowest of them.",
	[RW_WORD_MEANS_WINNING_DAY] = "A day with a P&L above zero; a losing "
		"day is below. A day of zero is unchanged and ends a streak.",
	[RW_WORD_MEANS_AVERAGES] = "The sum over the number of days, rounded "
		"half up to the decimals shown.",
	[RW_WORD_MEANS_PROFIT_FACTOR] = "Gross profit (the sum of the winning "
		"days) over gross loss (the sum of the losing days).",
	[RW_WORD_MEANS_COMMISSION_MONTHLY] = "The rate on the month's net P&L "
		"when that is above zero; a loss is not carried into the next "
		"month. Computed exactly and rounded once.",
	[RW_WORD_MEANS_COMMISSION_HWM] = "The rate on the part of the month's "
		"net P&L that lifts the balance above the high-water mark. "
		"Computed exactly and rounded once.",
	[RW_WORD_MEANS_MARK] = "The highest closing balance so far, before "
		"commission. The mark after is the higher of the mark before "
		"and the closing balance.",
	[RW_WORD_MEANS_RETURN] = "Net P&L over the opening balance. Closing "
		"balance: opening balance plus net P&L, before commission. "
		"Max drawdown in %: over the highest balance before it.",
	[RW_WORD_MEANS_NOT_AVAILABLE] = "The figure cannot be formed from this "
		"month's days.",
};

const char *
rw_word(enum rw_word word)
{
	return words[word];
}
