/*
 * Any text as an address, as a list of addresses, and as the name of a domain.
 * What is accepted fits in one line of a header and of SMTP, and is read as
 * itself.
 */
#include "fuzz.h"

#include "mail/address.h"
#include "mail/copies.h"
#include "wire/idn.h"

static void
read_again(const char *text)
{
	struct rw_address address = {0};
	struct rw_err err = {0};

	require(rw_address_parse(&address, "email", text, &err));
	require(strcmp(rw_address_text(&address), text) == 0);
	rw_address_free(&address);
}

static void
read_address(const char *text)
{
	struct rw_address address = {0};
	struct rw_err err = {0};
	const char *read;
	bool good = rw_address_parse(&address, "email", text, &err);

	fuzz_outcome(good, &err);
	if (good) {
		read = rw_address_text(&address);
		require(strlen(read) <= 254 && !rw_text_has_control(read));
		require(address.domain > read && address.domain[-1] == '@');
		require(fuzz_is_ascii(address.domain));
		require(strpbrk(address.domain, " @<>,;") == NULL);
		require(address.needs_utf8 == !fuzz_is_ascii(read));
		read_again(read);
	}
	rw_address_free(&address);
}

static void
read_list(const char *text)
{
	struct rw_copies copies = {0}, again = {0};
	struct rw_err err = {0};
	bool good = rw_copies_parse(&copies, "a setting", text, &err);

	fuzz_outcome(good, &err);
	if (good) {
		require(fuzz_is_ascii(rw_buf_text(&copies.list)));
		require(rw_copies_parse(&again, "a setting",
			rw_buf_text(&copies.list), &err));
		require(strcmp(rw_buf_text(&again.list),
			rw_buf_text(&copies.list)) == 0);
	}
	rw_copies_free(&copies);
	rw_copies_free(&again);
}

static void
read_domain(const char *text)
{
	struct rw_buf out = {0}, again = {0};
	struct rw_err err = {0};

	if (rw_idn_to_ascii(text, &out, &err)) {
		require(fuzz_is_ascii(rw_buf_text(&out)));
		require(rw_idn_to_ascii(rw_buf_text(&out), &again, &err));
		require(strcmp(rw_buf_text(&again), rw_buf_text(&out)) == 0);
	}
	rw_buf_free(&out);
	rw_buf_free(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	char *text = fuzz_rest(&input);

	read_address(text);
	read_list(text);
	read_domain(text);
	free(text);
	return 0;
}
