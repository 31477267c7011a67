#include "ledger/claim_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "journal/run_file.h"

#define HEX "0123456789abcdef"

enum { TOKEN_LEN = RW_TOKEN_SIZE - 1, NONCE_LEN = RW_NONCE_SIZE - 1 };

void
rw_claim_text_add(struct rw_buf *out, const struct rw_claim_text *text)
{
	rw_buf_adds(out, text->token);
	if (text->has_kept)
		rw_buf_addf(out, "-%08" PRIx32, text->kept);
	if (text->documents[0] != '\0')
		rw_buf_addf(out, ".%s", text->documents);
	if (text->digests[0] != '\0')
		rw_buf_addf(out, ",%s", text->digests);
	if (text->before.state != RW_STATE_NONE)
		rw_buf_addf(out, "+%s.%" PRId64 ".%" PRId64,
			rw_state_name(text->before.state),
			text->before.revision, text->before.sequence);
	if (text->is_failed)
		rw_buf_addc(out, '!');
	if (text->has_run)
		rw_buf_addc(out, RW_CLAIM_HAS_RUN);
}

/* Reads exactly len digits. */
static bool
take_hex(const char **at, char *out, size_t len)
{
	if (strspn(*at, HEX) != len)
		return false;
	memcpy(out, *at, len);
	out[len] = '\0';
	*at += len;
	return true;
}

static bool
take_mark(const char **at, char mark)
{
	if (**at != mark)
		return false;
	(*at)++;
	return true;
}

/* As many digits as fit into 64 bits. */
static bool
take_number(const char **at, int64_t *number)
{
	size_t len;

	if (!take_mark(at, '.'))
		return false;
	len = strspn(*at, "0123456789");
	if (len == 0 || len > 18)
		return false;
	*number = strtoll(*at, NULL, 10);
	*at += len;
	return true;
}

static bool
take_before(const char **at, struct rw_before *before)
{
	enum rw_state state;

	for (state = RW_STATE_CLAIMED; state <= RW_STATE_IN_DOUBT; state++) {
		const char *name = rw_state_name(state);
		size_t len = strlen(name);

		if (strncmp(*at, name, len) != 0)
			continue;
		*at += len;
		before->state = state;
		return take_number(at, &before->revision) &&
			take_number(at, &before->sequence);
	}
	return false;
}

static bool
parse_claim(struct rw_claim_text *text, const char *at)
{
	char kept[9];

	if (!take_hex(&at, text->token, TOKEN_LEN))
		return false;
	text->has_kept = take_mark(&at, '-');
	if (text->has_kept && !take_hex(&at, kept, sizeof kept - 1))
		return false;
	if (text->has_kept)
		text->kept = (uint32_t)strtoul(kept, NULL, 16);
	if (take_mark(&at, '.') &&
	    !take_hex(&at, text->documents, RW_DOCUMENTS_SIZE - 1))
		return false;
	if (take_mark(&at, ',') &&
	    !take_hex(&at, text->digests, RW_DOCUMENTS_SIZE - 1))
		return false;
	if (take_mark(&at, '+') && !take_before(&at, &text->before))
		return false;
	text->is_failed = take_mark(&at, '!');
	text->has_run = take_mark(&at, RW_CLAIM_HAS_RUN);
	return *at == '\0' || *at == ':';
}

bool
rw_claim_text_parse(struct rw_claim_text *text, const char *claim)
{
	*text = (struct rw_claim_text){0};
	if (claim != NULL && parse_claim(text, claim))
		return true;
	*text = (struct rw_claim_text){0};
	return false;
}

bool
rw_claim_text_is_of_one_input(const char *a, const char *b)
{
	return strspn(a, HEX) >= NONCE_LEN && strncmp(a, b, NONCE_LEN) == 0;
}
