#include "mail/pace.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/text.h"
#include "mail/address.h"

/* ---- domains ----------------------------------------------------------- */

static const char *
domain_of(const char *recipient)
{
	const char *at = strrchr(recipient, '@');

	return at != NULL ? at + 1 : recipient;
}

static struct rw_pace_domain *
find_domain(const struct rw_pace *pace, const char *name)
{
	size_t i;

	for (i = 0; i < pace->n; i++)
		if (strcasecmp(pace->domains[i].name, name) == 0)
			return &pace->domains[i];
	return NULL;
}

/* NULL: memory is exhausted. */
static struct rw_pace_domain *
add_domain(struct rw_pace *pace, const char *name)
{
	size_t room = pace->room == 0 ? 16 : 2 * pace->room;
	struct rw_pace_domain *more;

	if (pace->n == pace->room) {
		more = realloc(pace->domains, room * sizeof *more);
		if (more == NULL)
			return NULL;
		pace->domains = more;
		pace->room = room;
	}
	pace->domains[pace->n] = (struct rw_pace_domain){.name = strdup(name)};
	return pace->domains[pace->n].name != NULL ?
		&pace->domains[pace->n++] : NULL;
}

void
rw_pace_free(struct rw_pace *pace)
{
	while (pace->n > 0)
		free(pace->domains[--pace->n].name);
	free(pace->domains);
	*pace = (struct rw_pace){0};
}

/* ---- the setting --------------------------------------------------------- */

bool
rw_pace_parse_rate(const char *rate, size_t len, int64_t *interval_us)
{
	static const struct {
		char unit;
		int64_t us;
	} units[] = {{'s', 1000000}, {'m', 60000000}, {'h', 3600000000}};
	char number[16] = "";
	uint64_t n = 0;
	size_t i;

	if (len < 3 || len - 2 >= sizeof number || rate[len - 2] != '/')
		return false;
	memcpy(number, rate, len - 2);
	for (i = 0; i < 3; i++)
		if (rate[len - 1] == units[i].unit &&
		    rw_text_to_u64(number, 1000000, &n) && n > 0) {
			*interval_us = units[i].us / (int64_t)n;
			return true;
		}
	return false;
}

/* The name in A-labels, as the addresses of recipients have it. */
static bool
name_domain(struct rw_address *address, const char *text, size_t len,
	struct rw_err *err)
{
	struct rw_buf whole = {0};
	bool ok;

	rw_buf_addf(&whole, "x@%.*s", (int)len, text);
	ok = rw_buf_ok(&whole, "RW_RATE_DOMAINS", err) &&
		rw_address_parse(address, "RW_RATE_DOMAINS",
		rw_buf_text(&whole), NULL);
	rw_buf_free(&whole);
	return ok;
}

/* "gmail.com=5/s" */
static bool
take_one(struct rw_pace *pace, const char *text, size_t len,
	struct rw_err *err)
{
	const char *equals = memchr(text, '=', len);
	struct rw_address address = {0};
	struct rw_pace_domain *domain;
	int64_t interval_us = 0;
	size_t name_len;
	bool ok = false;

	name_len = equals != NULL ? (size_t)(equals - text) : 0;
	if (name_len == 0 || !rw_pace_parse_rate(equals + 1, len - name_len - 1,
	    &interval_us) || !name_domain(&address, text, name_len, err)) {
		rw_fail(err, RW_CONFIG, "RW_RATE_DOMAINS has \"%.*s\": expected "
			"DOMAIN=N/s, with /s, /m or /h", len < 80 ? (int)len :
			80, text);
	} else if (find_domain(pace, address.domain) != NULL) {
		rw_fail(err, RW_CONFIG, "RW_RATE_DOMAINS has %s twice",
			address.domain);
	} else if ((domain = add_domain(pace, address.domain)) == NULL) {
		rw_fail_memory(err, "RW_RATE_DOMAINS");
	} else {
		domain->interval_us = interval_us;
		ok = true;
	}
	rw_address_free(&address);
	return ok;
}

bool
rw_pace_parse(struct rw_pace *pace, const char *text, struct rw_err *err)
{
	static const char separators[] = ", \t";
	size_t len;

	for (; text != NULL && *text != '\0'; text += len) {
		text += strspn(text, separators);
		len = strcspn(text, separators);
		if (len > 0 && !take_one(pace, text, len, err))
			return false;
	}
	return true;
}

/* ---- mails --------------------------------------------------------------- */

bool
rw_pace_allows(const struct rw_pace *pace, const char *recipient,
	int64_t now_us, int64_t *next_us)
{
	const struct rw_pace_domain *domain = pace->n == 0 ? NULL :
		find_domain(pace, domain_of(recipient));

	if (domain == NULL || domain->next_us <= now_us ||
	    domain->in_row >= RW_PACE_WAITS)
		return true;
	*next_us = domain->next_us;
	return false;
}

bool
rw_pace_is_open(const struct rw_pace *pace, const char *recipient,
	struct rw_err *why)
{
	const struct rw_pace_domain *domain = pace->n == 0 ? NULL :
		find_domain(pace, domain_of(recipient));

	if (domain == NULL || domain->in_row < RW_PACE_WAITS)
		return true;
	rw_fail(why, RW_REFUSED, "no more mails are sent to %.100s in this run: "
		"%.300s", domain->name, domain->last.message);
	why->retryable = true;
	return false;
}

void
rw_pace_start(struct rw_pace *pace, const char *recipient, int64_t now_us)
{
	struct rw_pace_domain *domain = pace->n == 0 ? NULL :
		find_domain(pace, domain_of(recipient));
	int64_t interval_us;

	if (domain == NULL)
		return;
	interval_us = domain->interval_us > domain->learned_us ?
		domain->interval_us : domain->learned_us;
	if (domain->next_us < now_us)
		domain->next_us = now_us;
	domain->next_us += interval_us;
}

void
rw_pace_accept(struct rw_pace *pace, const char *recipient)
{
	struct rw_pace_domain *domain = pace->n == 0 ? NULL :
		find_domain(pace, domain_of(recipient));

	if (domain == NULL)
		return;
	domain->in_row = 0;
	domain->learned_us /= 2;
	if (domain->learned_us < RW_PACE_FIRST_MS * 1000 / 64)
		domain->learned_us = 0;
}

void
rw_pace_defer(struct rw_pace *pace, const char *recipient, int64_t now_us,
	const struct rw_err *answer)
{
	const char *name = domain_of(recipient);
	struct rw_pace_domain *domain = find_domain(pace, name);

	if (domain == NULL)
		domain = add_domain(pace, name);
	if (domain == NULL)
		return;
	if (domain->learned_us == 0)
		rw_say(RW_NOTICE, "mails to %s are sent more slowly: %s",
			domain->name, answer->message);
	domain->last = *answer;
	/* Mails that were on their way have the same answer. */
	if (now_us < domain->waits_until_us)
		return;
	domain->in_row++;
	domain->learned_us = domain->learned_us < RW_PACE_FIRST_MS * 1000 / 2 ?
		RW_PACE_FIRST_MS * 1000 : 2 * domain->learned_us;
	if (domain->learned_us > (int64_t)RW_PACE_MOST_MS * 1000)
		domain->learned_us = (int64_t)RW_PACE_MOST_MS * 1000;
	domain->waits_until_us = now_us + domain->learned_us;
	if (domain->next_us < domain->waits_until_us)
		domain->next_us = domain->waits_until_us;
}
