#include "base/money.h"

#include <ctype.h>
#include <string.h>

__extension__ typedef __int128 wide;

/* 10^14 units, in ten-thousandths. Every parsed amount is smaller, so that nine
 * of them can be added without overflow. */
static const int64_t parse_limit = (int64_t)1000000000000000000;

static int64_t
power_of_ten(int n)
{
	int64_t p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

struct decimal {
	bool negative;
	const char *digits;	/* digits and at most one point */
	size_t len;
	long exponent;		/* of ten, for the whole */
};

/* Splits a JSON number (RFC 8259, section 6) into its parts. A leading plus is
 * accepted as well, because spreadsheets write it. */
static bool
split(const char *text, size_t len, struct decimal *d)
{
	size_t i = 0, digits = 0, points = 0, e;

	*d = (struct decimal){0};
	if (i < len && (text[i] == '-' || text[i] == '+'))
		d->negative = text[i++] == '-';
	d->digits = text + i;
	for (; i < len && (isdigit((unsigned char)text[i]) || text[i] == '.');
	    i++) {
		points += text[i] == '.';
		digits += text[i] != '.';
	}
	d->len = (size_t)(text + i - d->digits);
	if (digits == 0 || points > 1 || d->digits[0] == '.' ||
	    d->digits[d->len - 1] == '.')
		return false;
	if (i == len)
		return true;
	if (text[i] != 'e' && text[i] != 'E')
		return false;
	e = ++i;
	if (i < len && (text[i] == '-' || text[i] == '+'))
		i++;
	for (digits = 0; i < len && isdigit((unsigned char)text[i]); i++) {
		digits++;
		d->exponent = d->exponent * 10 + (text[i] - '0');
		if (d->exponent > 999999)
			d->exponent = 999999;
	}
	if (digits > 0 && text[e] == '-')
		d->exponent = -d->exponent;
	return digits > 0 && i == len;
}

enum outcome { GOOD, TOO_FINE, TOO_LARGE };

/* Visits each digit once. The value of a digit is ten to the power of place,
 * counted from the ten-thousandths. */
static enum outcome
evaluate(const struct decimal *d, int64_t *amount)
{
	const char *point = memchr(d->digits, '.', d->len);
	size_t whole = point != NULL ? (size_t)(point - d->digits) : d->len;
	long place = (long)whole - 1 + d->exponent + RW_MONEY_DECIMALS;
	int64_t v = 0;
	size_t i;

	for (i = 0; i < d->len; i++) {
		if (d->digits[i] == '.')
			continue;
		if (d->digits[i] != '0') {
			if (place < 0)
				return TOO_FINE;
			if (place > 18 || !rw_money_add(v, (d->digits[i] - '0')
			    * power_of_ten((int)place), &v))
				return TOO_LARGE;
		}
		place--;
	}
	*amount = d->negative ? -v : v;
	return GOOD;
}

static bool
parse(const char *text, size_t len, bool is_sum, int64_t *amount,
	struct rw_err *err)
{
	int shown = len > 40 ? 40 : (int)len;
	const char *dots = len > 40 ? "..." : "";
	enum outcome outcome;
	struct decimal d;
	int64_t v;

	if (!split(text, len, &d))
		return rw_fail(err, RW_DATA, "\"%.*s%s\" is not a decimal "
			"number", shown, text, dots);
	outcome = evaluate(&d, &v);
	if (outcome == TOO_FINE)
		return rw_fail(err, RW_DATA, "%.*s%s has more than %d "
			"decimals", shown, text, dots, RW_MONEY_DECIMALS);
	if (outcome == TOO_LARGE && is_sum)
		return rw_fail(err, RW_DATA, "%.*s%s is too large: expected "
			"at most 922337203685477.5807", shown, text, dots);
	if (outcome == TOO_LARGE ||
	    (!is_sum && (v >= parse_limit || v <= -parse_limit)))
		return rw_fail(err, RW_DATA, "%.*s%s has more than 14 digits "
			"before the point", shown, text, dots);
	*amount = v;
	return true;
}

bool
rw_money_parse(const char *text, size_t len, int64_t *amount,
	struct rw_err *err)
{
	return parse(text, len, false, amount, err);
}

bool
rw_money_parse_sum(const char *text, size_t len, int64_t *amount,
	struct rw_err *err)
{
	return parse(text, len, true, amount, err);
}

bool
rw_money_add(int64_t a, int64_t b, int64_t *sum)
{
	int64_t s;

	if (__builtin_add_overflow(a, b, &s))
		return false;
	*sum = s;
	return true;
}

/* value / divisor, half away from zero. */
static wide
divide_half_up(wide value, wide divisor)
{
	wide half = divisor / 2;

	return value < 0 ? -((-value + half) / divisor) :
		(value + half) / divisor;
}

static bool
narrow(wide value, int64_t *out)
{
	if (value > INT64_MAX || value < INT64_MIN)
		return false;
	*out = (int64_t)value;
	return true;
}

bool
rw_money_percent(int64_t amount, int64_t percent, int digits, int64_t *rounded)
{
	int64_t unit = power_of_ten(RW_MONEY_DECIMALS - digits);
	wide product = (wide)amount * percent;

	/* The product is in units of 10^-10; one division converts it. */
	return narrow(divide_half_up(product, (wide)unit * 100 *
		RW_MONEY_ONE) * unit, rounded);
}

bool
rw_money_round(int64_t amount, int digits, int64_t *rounded)
{
	int64_t unit = power_of_ten(RW_MONEY_DECIMALS - digits);

	return narrow(divide_half_up(amount, unit) * unit, rounded);
}

bool
rw_money_divide(int64_t numerator, int64_t denominator, int digits,
	int64_t *rounded)
{
	int64_t unit = power_of_ten(RW_MONEY_DECIMALS - digits);
	wide n = numerator, d = denominator;

	if (d == 0)
		return false;
	if (d < 0) {
		n = -n;
		d = -d;
	}
	return narrow(divide_half_up(n * RW_MONEY_ONE, d * unit) * unit,
		rounded);
}

int
rw_money_decimals(int64_t amount)
{
	int n = RW_MONEY_DECIMALS;

	while (n > 0 && amount % 10 == 0) {
		amount /= 10;
		n--;
	}
	return n;
}

/* Removes and returns the last digit of a value that is not negative. Few
 * values are too large for the fast division. */
static int
take_digit(wide *value)
{
	int digit;

	if (*value <= INT64_MAX) {
		digit = (int)((int64_t)*value % 10);
		*value = (int64_t)*value / 10;
	} else {
		digit = (int)(*value % 10);
		*value /= 10;
	}
	return digit;
}

/* Writes value, in units of 10^-scale, with as many decimals as necessary, but
 * at least "digits"; with group, a comma every three digits. */
static void
write_decimal(char out[RW_MONEY_SIZE], wide value, int scale, int digits,
	bool group)
{
	char reversed[RW_MONEY_SIZE];
	bool negative = value < 0;
	int decimals = scale, n = 0, place = 0;
	wide rest;

	if (negative)
		value = -value;
	for (; decimals > digits; decimals--, value = rest) {
		rest = value;
		if (take_digit(&rest) != 0)
			break;
	}
	for (; value != 0 || place <= decimals; place++) {
		if (place == decimals && decimals > 0)
			reversed[n++] = '.';
		else if (group && place > decimals &&
		    (place - decimals) % 3 == 0)
			reversed[n++] = ',';
		reversed[n++] = (char)('0' + take_digit(&value));
	}
	if (negative)
		reversed[n++] = '-';
	while (n > 0)
		*out++ = reversed[--n];
	*out = '\0';
}

void
rw_money_percent_text(char out[RW_MONEY_SIZE], int64_t amount, int64_t percent,
	int digits)
{
	write_decimal(out, (wide)amount * percent, 10, digits, false);
}

void
rw_money_text(char out[RW_MONEY_SIZE], int64_t amount, int digits)
{
	write_decimal(out, amount, RW_MONEY_DECIMALS, digits, false);
}

void
rw_money_grouped(char out[RW_MONEY_SIZE], int64_t amount, int digits)
{
	write_decimal(out, amount, RW_MONEY_DECIMALS, digits, true);
}
