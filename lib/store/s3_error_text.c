#include "store/s3_error_text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/secret.h"
#include "wire/body_text.h"
#include "wire/json.h"
#include "wire/xml.h"

void
rw_s3_error_quote(char *out, size_t size, const char *text)
{
	char *copy = strdup(text);
	size_t i;

	/* Before truncation, because a part of a secret must not be shown
	 * either. */
	if (copy != NULL)
		rw_secret_hide_foreign(copy);
	for (i = 0; copy != NULL && copy[i] != '\0' && i < size - 1; i++)
		out[i] = copy[i] >= 0x20 && copy[i] < 0x7f ? copy[i] : '?';
	out[i] = '\0';
	free(copy);
}

/* ---- XML --------------------------------------------------------------- */

static void
copy_child(char *out, size_t size, struct _xmlNode *node, const char *name)
{
	char *text = rw_xml_text(rw_xml_child(node, name));

	if (text != NULL)
		rw_s3_error_quote(out, size, text);
	free(text);
}

static bool
parse_xml(const char *text, size_t len, struct rw_s3_error *error)
{
	struct _xmlDoc *document = rw_xml_read(text, len, NULL);
	struct _xmlNode *root = rw_xml_root(document), *node = NULL;

	if (root != NULL && !rw_xml_is(root, "html"))
		node = rw_xml_find(root, "Error");
	if (node != NULL) {
		copy_child(error->code, sizeof error->code, node, "Code");
		copy_child(error->message, sizeof error->message, node,
			"Message");
		copy_child(error->region, sizeof error->region, node,
			"Region");
	}
	rw_xml_free(document);
	return node != NULL;
}

/* ---- JSON -------------------------------------------------------------- */

static bool
has_name(struct rw_json name, const char *wanted)
{
	return name.len == strlen(wanted) + 2 &&
		strncasecmp(name.text + 1, wanted, name.len - 2) == 0;
}

/* The first member whose name is one of names, in this order and in any case,
 * and whose value is of this type. */
static struct rw_json
member(struct rw_json object, const char *const *names, enum rw_json_type type)
{
	struct rw_json name, value;
	size_t at;

	for (; *names != NULL; names++) {
		at = 0;
		while (rw_json_next(object, &at, &name, &value))
			if (has_name(name, *names) &&
			    rw_json_type(value) == type)
				return value;
	}
	return (struct rw_json){0};
}

static void
copy_member(char *out, size_t size, struct rw_json object,
	const char *const *names)
{
	struct rw_json value = member(object, names, RW_JSON_STRING);
	struct rw_arena arena = {0};
	const char *text = value.text == NULL || *out != '\0' ? NULL :
		rw_json_string(value, &arena, NULL);

	if (text != NULL)
		rw_s3_error_quote(out, size, text);
	rw_arena_free(&arena);
}

/* The object that describes the error: the member "error", the first element of
 * "errors", or the whole document. */
static struct rw_json
error_object(struct rw_json whole)
{
	static const char *const one[] = {"error", "fault", NULL};
	static const char *const many[] = {"errors", NULL};
	struct rw_json inner = member(whole, one, RW_JSON_OBJECT), list;
	size_t at = 0;

	if (inner.text != NULL)
		return inner;
	list = member(whole, many, RW_JSON_ARRAY);
	if (list.text != NULL && rw_json_item(list, &at, &inner) &&
	    rw_json_type(inner) == RW_JSON_OBJECT)
		return inner;
	return whole;
}

/* "com.amazonaws.s3#AccessDenied:http://..." says AccessDenied. */
static void
bare_type(char *code)
{
	char *hash = strchr(code, '#');

	if (hash != NULL)
		memmove(code, hash + 1, strlen(hash + 1) + 1);
	code[strcspn(code, ":")] = '\0';
}

static bool
parse_json(const char *text, size_t len, struct rw_s3_error *error)
{
	static const char *const codes[] = {"Code", "__type", "errorCode",
		"error_code", "error", "reason", "status", NULL};
	static const char *const messages[] = {"Message", "errorMessage",
		"error_description", "description", "detail", "title",
		"faultstring", "msg", NULL};
	struct rw_json whole = {.text = text, .len = len}, object;

	if (len == 0 || *text != '{' || !rw_json_check(text, len, NULL))
		return false;
	object = error_object(whole);
	copy_member(error->code, sizeof error->code, object, codes);
	copy_member(error->code, sizeof error->code, whole, codes);
	bare_type(error->code);
	copy_member(error->message, sizeof error->message, object, messages);
	copy_member(error->message, sizeof error->message, whole, messages);
	return error->code[0] != '\0' || error->message[0] != '\0';
}

bool
rw_s3_error_parse(const char *text, size_t len, struct rw_s3_error *error)
{
	struct rw_buf plain = {.max = RW_BODY_TEXT_MAX};
	bool good;

	*error = (struct rw_s3_error){0};
	good = parse_xml(text, len, error) ||
		(rw_body_text(text, len, &plain) &&
		parse_json(rw_buf_text(&plain), plain.len, error));
	rw_buf_free(&plain);
	return good;
}
