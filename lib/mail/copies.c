#include "mail/copies.h"

#include <stdlib.h>
#include <string.h>

#include "mail/address.h"

#define SEPARATORS ",; \t\r\n"

bool
rw_copies_has(const struct rw_copies *copies, const char *address)
{
	size_t i;

	for (i = 0; i < copies->count; i++)
		if (strcmp(copies->each[i], address) == 0)
			return true;
	return false;
}

bool
rw_copies_add(struct rw_copies *copies, const char *address,
	struct rw_err *err)
{
	char **each;

	if (rw_copies_has(copies, address))
		return true;
	each = reallocarray(copies->each, copies->count + 1, sizeof *each);
	if (each == NULL)
		return rw_fail_memory(err, "an address");
	copies->each = each;
	each[copies->count] = strdup(address);
	if (each[copies->count] == NULL)
		return rw_fail_memory(err, "an address");
	rw_buf_addf(&copies->list, "%s%s", copies->count > 0 ? ", " : "",
		address);
	copies->count++;
	return true;
}

/* The address is part of every mail, and most servers would reject every such
 * mail. */
static bool
parse_one(struct rw_copies *copies, const char *what, const char *text,
	struct rw_err *err)
{
	struct rw_address address = {0};
	bool good = rw_address_parse(&address, what, text, err) &&
		(!address.needs_utf8 || rw_fail(err, RW_CONFIG, "%s: the part "
		"before the @ must be ASCII", what)) &&
		rw_copies_add(copies, rw_address_text(&address), err);

	if (!good && err->kind == RW_DATA)
		err->kind = RW_CONFIG;
	rw_address_free(&address);
	return good;
}

bool
rw_copies_parse(struct rw_copies *copies, const char *what, const char *text,
	struct rw_err *err)
{
	char *copy = strdup(text), *word, *rest = NULL;
	bool good = copy != NULL || rw_fail_memory(err, "addresses");

	for (word = good ? strtok_r(copy, SEPARATORS, &rest) : NULL;
	    good && word != NULL; word = strtok_r(NULL, SEPARATORS, &rest))
		good = parse_one(copies, what, word, err);
	free(copy);
	if (good && copies->count == 0)
		good = rw_fail(err, RW_CONFIG, "%s has no address", what);
	return good && rw_buf_ok(&copies->list, "addresses", err);
}

void
rw_copies_free(struct rw_copies *copies)
{
	while (copies->count > 0)
		free(copies->each[--copies->count]);
	free(copies->each);
	rw_buf_free(&copies->list);
	*copies = (struct rw_copies){0};
}
