#include "mail/letter_cc.h"

#include <string.h>

enum { CC_MAX = 5 };

static size_t
count_items(struct rw_json array)
{
	struct rw_json item;
	size_t at = 0, n = 0;

	while (rw_json_item(array, &at, &item))
		n++;
	return n;
}

/* A part before the @ outside ASCII would be in the header of the follower's
 * letter, which few servers would accept. */
static bool
read_address(struct rw_address *address, const char *text, struct rw_err *err)
{
	return rw_address_parse(address, RW_M_CC, text, err) &&
		(!address->needs_utf8 || rw_fail(err, RW_DATA, "%s \"%s\": the "
		"part before the @ must be ASCII", RW_M_CC, text));
}

static void
take_address(struct rw_letter_cc *cc, const char *text,
	const struct rw_address *follower)
{
	struct rw_address address = {0};
	const char *ascii;
	struct rw_err err;

	if (!read_address(&address, text, &err)) {
		rw_buf_addf(&cc->notes, "%s\n", err.message);
		rw_address_free(&address);
		return;
	}
	ascii = rw_address_text(&address);
	if (strcmp(ascii, rw_address_text(follower)) != 0 &&
	    !rw_copies_add(&cc->to, ascii, &err))
		rw_buf_addf(&cc->notes, "%s: %s\n", RW_M_CC, err.message);
	rw_address_free(&address);
}

static bool
is_list(struct rw_letter_cc *cc, struct rw_json list)
{
	size_t n = count_items(list);

	if (rw_json_type(list) == RW_JSON_ARRAY && n <= CC_MAX)
		return true;
	if (rw_json_type(list) == RW_JSON_ARRAY)
		rw_buf_addf(&cc->notes, "%s has %zu addresses", RW_M_CC, n);
	else
		rw_buf_addf(&cc->notes, "%s is %s", RW_M_CC,
			rw_json_type_words(list));
	rw_buf_addf(&cc->notes, ": expected an array of at most %d "
		"addresses; none of them gets a copy\n", CC_MAX);
	return false;
}

void
rw_letter_cc_take(struct rw_letter_cc *cc, struct rw_record *record,
	const struct rw_address *follower)
{
	struct rw_json list = rw_line_get(&record->line, RW_M_CC), item;
	struct rw_err err;
	size_t at = 0;

	rw_letter_cc_free(cc);
	if (rw_json_type(list) == RW_JSON_NONE ||
	    rw_json_type(list) == RW_JSON_NULL || !is_list(cc, list))
		return;
	while (rw_json_item(list, &at, &item)) {
		const char *text = rw_json_string(item, &record->line.arena,
			&err);

		if (text != NULL)
			take_address(cc, text, follower);
		else
			rw_buf_addf(&cc->notes, "%s: %s\n", RW_M_CC,
				err.message);
	}
}

void
rw_letter_cc_free(struct rw_letter_cc *cc)
{
	rw_copies_free(&cc->to);
	rw_buf_free(&cc->notes);
	*cc = (struct rw_letter_cc){0};
}
