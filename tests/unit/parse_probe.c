/*
 * What the parsers make of texts, for tests/differential.py, which asks other
 * implementations the same. Each line of the input is "KIND HEX"; the answer is
 * "-" for what is refused, else the value, texts as hexadecimal.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/money.h"
#include "base/period.h"
#include "base/text.h"
#include "mail/address.h"
#include "wire/json.h"

enum { TEXT_MAX = 65536 };

/* The bytes of the text, without a NUL within but in JSON and UTF-8. */
struct question {
	char text[TEXT_MAX];
	size_t len;
};

static void
say_hex(const char *text)
{
	struct rw_buf out = {0};

	rw_text_add_hex(&out, (const unsigned char *)text, strlen(text));
	printf("=%s\n", rw_buf_text(&out));
	rw_buf_free(&out);
}

/* A string that JSON has, decoded; of any other value its type. */
static bool
ask_json(const struct question *q)
{
	struct rw_arena arena = {0};
	struct rw_json value = {q->text, q->len};
	const char *text;

	if (!rw_json_check(q->text, q->len, NULL))
		return false;
	while (strchr(" \t\r\n", *value.text) != NULL)
		value.text++, value.len--;
	while (strchr(" \t\r\n", value.text[value.len - 1]) != NULL)
		value.len--;
	text = rw_json_string(value, &arena, NULL);
	if (text != NULL)
		say_hex(text);
	else
		printf("%d\n", (int)rw_json_type(value));
	rw_arena_free(&arena);
	return true;
}

static bool
ask_utf8(const struct question *q)
{
	size_t bad = 0;

	if (!rw_text_is_utf8(q->text, q->len, &bad))
		printf("%zu\n", bad);
	else
		puts("good");
	return true;
}

static bool
ask_money(const struct question *q)
{
	int64_t amount;

	if (!rw_money_parse(q->text, q->len, &amount, NULL))
		return false;
	printf("%" PRId64 "\n", amount);
	return true;
}

static bool
ask_percent(const struct question *q)
{
	struct rw_buf out = {0};

	rw_text_add_percent(&out, q->text, "/");
	printf("%s\n", rw_buf_text(&out));
	rw_buf_free(&out);
	return true;
}

static bool
ask_date(const struct question *q)
{
	struct rw_date date;

	if (!rw_date_parse(q->text, q->len, &date, NULL))
		return false;
	printf("%" PRId64 " %d\n", rw_date_serial(date), rw_date_weekday(date));
	return true;
}

static bool
ask_time(const struct question *q)
{
	int64_t seconds;

	if (!rw_rfc3339_parse(q->text, &seconds))
		return false;
	printf("%" PRId64 "\n", seconds);
	return true;
}

static bool
ask_address(const struct question *q)
{
	struct rw_address address = {0};
	bool good = rw_address_parse(&address, "email", q->text, NULL);

	if (good)
		say_hex(rw_address_text(&address));
	rw_address_free(&address);
	return good;
}

static const struct {
	const char *kind;
	bool (*ask)(const struct question *q);
} kinds[] = {
	{"json", ask_json}, {"utf8", ask_utf8}, {"money", ask_money},
	{"percent", ask_percent}, {"date", ask_date}, {"time", ask_time},
	{"address", ask_address},
};

static void
read_hex(struct question *q, const char *hex)
{
	unsigned byte;

	for (q->len = 0; q->len + 1 < TEXT_MAX && sscanf(hex, "%2x", &byte) == 1;
	    hex += 2)
		q->text[q->len++] = (char)byte;
	q->text[q->len] = '\0';
}

int
main(void)
{
	static struct question q;
	char *line = NULL, *hex;
	size_t size = 0, i;

	while (getline(&line, &size, stdin) > 0) {
		hex = strchr(line, ' ');
		if (hex == NULL)
			return 64;
		*hex++ = '\0';
		read_hex(&q, hex);
		for (i = 0; i < sizeof kinds / sizeof *kinds; i++)
			if (strcmp(kinds[i].kind, line) == 0 &&
			    !kinds[i].ask(&q))
				puts("-");
	}
	free(line);
	return 0;
}
