#include "record/issuer.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "base/unicode.h"
#include "base/url.h"
#include "wire/config.h"

enum { MOST_LINE = 70, MOST_NAME = 100, MOST_FOOTER = 400, MOST_URL = 200 };

/* ---- texts --------------------------------------------------------------- */

/* Whether len bytes are 1 to most characters that can all be shown. */
static bool
is_line(const char *text, size_t len, size_t most)
{
	const char *end = text + len;
	size_t n = 0;
	bool is_seen = false;

	if (!rw_text_is_utf8(text, len, NULL))
		return false;
	while (text < end) {
		uint32_t c = rw_text_next(&text);

		if (rw_text_is_control(c) || rw_char_is_noncharacter(c))
			return false;
		is_seen = is_seen || (!rw_char_is_blank(c) &&
			!rw_char_is_ignorable(c));
		n++;
	}
	return is_seen && n <= most;
}

/* text NULL: not set. */
static bool
check_line(const char *name, const char *text, size_t most,
	struct rw_err *err)
{
	return text == NULL || is_line(text, strlen(text), most) || rw_fail(err,
		RW_CONFIG, "%s: expected 1 to %zu characters in UTF-8, on one "
		"line and without control characters", name, most);
}

static bool
read_address(struct rw_issuer *issuer, struct rw_err *err)
{
	const char *text = rw_config_text("RW_ISSUER_ADDRESS", NULL);

	issuer->address_lines = 0;
	while (text != NULL) {
		size_t len = strcspn(text, "|\n");
		const char *line = text;
		size_t rest = len;

		for (; rest > 0 && line[0] == ' '; rest--)
			line++;
		while (rest > 0 && line[rest - 1] == ' ')
			rest--;
		if (issuer->address_lines == RW_ISSUER_LINES ||
		    rest >= RW_ISSUER_LINE_SIZE ||
		    !is_line(line, rest, MOST_LINE))
			return rw_fail(err, RW_CONFIG, "RW_ISSUER_ADDRESS: "
				"expected 1 to %d lines with \"|\" between "
				"them, each of 1 to %d characters in UTF-8 and "
				"without control characters", RW_ISSUER_LINES,
				MOST_LINE);
		memcpy(issuer->address[issuer->address_lines], line, rest);
		issuer->address[issuer->address_lines++][rest] = '\0';
		text = text[len] == '\0' ? NULL : text + len + 1;
	}
	return true;
}

/* ---- contact -------------------------------------------------------------- */

static bool
is_email(const char *text)
{
	const char *at = strchr(text, '@');
	size_t len = strlen(text);

	return at != NULL && at != text && strchr(at + 1, '@') == NULL &&
		at[1] != '\0' && at[1] != '.' && text[len - 1] != '.' &&
		strpbrk(text, " \"<>()[],;:\\") == NULL &&
		is_line(text, len, 254);
}

/* Only what every reader makes a link of, and what no template has to escape
 * but for "&". */
static bool
check_url(const char *url, struct rw_err *err)
{
	const char *c;
	bool is_clean = true;

	if (url == NULL)
		return true;
	for (c = url; *c != '\0'; c++)
		is_clean = is_clean && *c > ' ' && *c < 0x7f &&
			strchr("\"'<>\\^`{|}", *c) == NULL;
	if (!is_clean || strlen(url) > MOST_URL ||
	    (strncmp(url, "https://", 8) != 0 &&
	    strncmp(url, "http://", 7) != 0))
		return rw_fail(err, RW_CONFIG, "RW_ISSUER_URL: expected "
			"https://HOST/..., at most %d characters of ASCII, "
			"others percent-encoded", MOST_URL);
	return rw_url_check_no_user("RW_ISSUER_URL", url, err) &&
		rw_url_check_hosts("RW_ISSUER_URL", url, false, err);
}

bool
rw_issuer_read(struct rw_issuer *issuer, struct rw_err *err)
{
	issuer->name = rw_config_text("RW_ISSUER_NAME", NULL);
	issuer->number = rw_config_text("RW_ISSUER_NUMBER", NULL);
	issuer->email = rw_config_text("RW_ISSUER_EMAIL", NULL);
	issuer->url = rw_config_text("RW_ISSUER_URL", NULL);
	issuer->footer = rw_config_text("RW_ISSUER_FOOTER", NULL);
	if (!check_line("RW_ISSUER_NAME", issuer->name, MOST_NAME, err) ||
	    !read_address(issuer, err) ||
	    !check_line("RW_ISSUER_NUMBER", issuer->number, MOST_LINE, err) ||
	    !check_line("RW_ISSUER_FOOTER", issuer->footer, MOST_FOOTER, err))
		return false;
	if (issuer->email != NULL && !is_email(issuer->email))
		return rw_fail(err, RW_CONFIG, "RW_ISSUER_EMAIL is \"%.60s\": "
			"expected an address, such as office@example.com",
			issuer->email);
	return check_url(issuer->url, err);
}

bool
rw_issuer_is_set(const struct rw_issuer *issuer)
{
	return issuer->name != NULL || issuer->address_lines > 0 ||
		issuer->number != NULL || issuer->email != NULL ||
		issuer->url != NULL || issuer->footer != NULL;
}

/* ---- the payee ------------------------------------------------------------ */

static bool
read_iban(const char *text, char iban[RW_IBAN_SIZE], struct rw_err *err)
{
	if (!rw_iban_parse(text, iban, err)) {
		err->kind = RW_CONFIG;
		return rw_err_prefix(err, "RW_PAYEE_IBAN");
	}
	return rw_iban_country_length(iban) != 0 || rw_fail(err, RW_CONFIG,
		"RW_PAYEE_IBAN begins with %.2s: expected a country of the "
		"IBAN registry", iban);
}

/* Four letters, a country's two, two characters, and three of a branch. */
static bool
read_bic(const char *text, char bic[RW_BIC_SIZE], struct rw_err *err)
{
	size_t len = strlen(text), i;
	bool is_good = len == 8 || len == 11;

	for (i = 0; is_good && i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		is_good = c < 0x80 && (i < 6 ? isalpha(c) : isalnum(c));
		bic[i] = (char)toupper(c);
		bic[i + 1] = '\0';
	}
	return is_good || rw_fail(err, RW_CONFIG, "RW_PAYEE_BIC is \"%.20s\": "
		"expected six letters, then two or five letters and digits, "
		"such as COBADEFFXXX", text);
}

static bool
read_account(struct rw_payee *payee, struct rw_err *err)
{
	const char *iban = rw_config_text("RW_PAYEE_IBAN", NULL);
	const char *bic = rw_config_text("RW_PAYEE_BIC", NULL);

	payee->iban[0] = payee->bic[0] = '\0';
	payee->name = rw_config_text("RW_PAYEE_NAME", NULL);
	if (!check_line("RW_PAYEE_NAME", payee->name, MOST_LINE, err))
		return false;
	if (iban == NULL && (payee->name != NULL || bic != NULL))
		return rw_fail(err, RW_CONFIG, "%s is set, but RW_PAYEE_IBAN is "
			"not set", bic != NULL ? "RW_PAYEE_BIC" :
			"RW_PAYEE_NAME");
	if (iban != NULL && payee->name == NULL)
		return rw_fail(err, RW_CONFIG, "RW_PAYEE_IBAN is set, but "
			"RW_PAYEE_NAME is not set");
	return (iban == NULL || read_iban(iban, payee->iban, err)) &&
		(bic == NULL || read_bic(bic, payee->bic, err));
}

static bool
read_collection(struct rw_payee *payee, struct rw_err *err)
{
	const char *how = rw_config_text("RW_COLLECTION",
		payee->name != NULL ? "transfer" : "none");

	if (strcmp(how, "none") == 0)
		payee->collection = RW_COLLECTION_NONE;
	else if (strcmp(how, "debit") == 0)
		payee->collection = RW_COLLECTION_DEBIT;
	else if (strcmp(how, "transfer") == 0)
		payee->collection = RW_COLLECTION_TRANSFER;
	else
		return rw_fail(err, RW_CONFIG, "RW_COLLECTION is \"%.20s\": "
			"expected transfer, debit or none", how);
	return payee->collection != RW_COLLECTION_TRANSFER ||
		payee->name != NULL || rw_fail(err, RW_CONFIG, "RW_COLLECTION "
		"is transfer, but RW_PAYEE_NAME and RW_PAYEE_IBAN are not "
		"set");
}

bool
rw_payee_read(struct rw_payee *payee, struct rw_err *err)
{
	uint64_t days;

	payee->has_days = rw_config_text("RW_PAYMENT_DAYS", NULL) != NULL;
	if (!read_account(payee, err) || !read_collection(payee, err) ||
	    !rw_config_u64("RW_PAYMENT_DAYS", 0, 0, 366, &days, err))
		return false;
	payee->days = (unsigned)days;
	return true;
}
