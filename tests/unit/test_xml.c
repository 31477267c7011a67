#include "wire/xml.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "base/buf.h"
#include "store/s3_error_text.h"
#include "wire/body_text.h"
#include "wire/deflate.h"

#include "tap.h"

/* ---- one reader -------------------------------------------------------- */

static void
test_faults(void)
{
	static const struct {
		const char *text;
		enum rw_xml_fault fault;
	} cases[] = {
		{"<a/>", RW_XML_GOOD},
		{"<?xml version=\"1.0\"?><a/>", RW_XML_GOOD},
		{" \r\n\t<?xml version=\"1.0\"?>\n\n<a> </a>\n \n", RW_XML_GOOD},
		{"\xef\xbb\xbf<a/>", RW_XML_GOOD},
		{"\n\xef\xbb\xbf\n<a/>", RW_XML_GOOD},
		{"<?xml version=\"1.0\"?>\n  \n  <?xml version=\"1.0\"?><a/>",
			RW_XML_GOOD},
		{"<?xml version=\"1.0\" encoding=\"utf-16\"?><a/>", RW_XML_GOOD},
		{"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xe4</a>",
			RW_XML_GOOD},
		{"<a>\xe4</a>", RW_XML_GOOD},
		{"<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><a>\x83\x5c</a>",
			RW_XML_GOOD},
		{"<s3:a/>", RW_XML_GOOD},
		{"", RW_XML_EMPTY},
		{" \n\xef\xbb\xbf ", RW_XML_EMPTY},
		{"text", RW_XML_BROKEN},
		{"<a>", RW_XML_BROKEN},
		{"<a/><b/>", RW_XML_BROKEN},
		{"<a>&b;</a>", RW_XML_BROKEN},
		{"<?xml version=\"1.0\"?>", RW_XML_BROKEN},
		{"<?xml", RW_XML_BROKEN},
		{"<!DOCTYPE a><a/>", RW_XML_DTD},
		{"<!DOCTYPE html><html><body>", RW_XML_DTD},
		{" <?xml version=\"1.0\"?><!-- x --><!DOCTYPE a SYSTEM "
			"\"http://127.0.0.1:1/\"><a/>", RW_XML_DTD},
		{"<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>"
			"<a>&b;</a>", RW_XML_DTD},
		{"<!DOCTYPE a [<!ENTITY b \"&c;\"><!ENTITY c \"&b;\">]>"
			"<a>&b;</a>", RW_XML_DTD},
		{"<!DOCTYPE a [<!ENTITY % p \"x\"> %p;]><a/>", RW_XML_DTD},
		{"<!DOCTYPE a [", RW_XML_DTD},
	};
	struct _xmlDoc *document;
	enum rw_xml_fault fault;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		document = rw_xml_read(cases[i].text, strlen(cases[i].text),
			&fault);
		is_int(fault, cases[i].fault, "XML %zu", i);
		ok((document != NULL) == (fault == RW_XML_GOOD), "a document");
		ok((rw_xml_root(document) != NULL) == (document != NULL),
			"its root");
		rw_xml_free(document);
	}
}

static enum rw_xml_fault
read_nested(size_t depth)
{
	struct rw_buf text = {0};
	enum rw_xml_fault fault;
	size_t i;

	for (i = 0; i < depth; i++)
		rw_buf_adds(&text, "<a>");
	for (i = 0; i < depth; i++)
		rw_buf_adds(&text, "</a>");
	rw_xml_free(rw_xml_read(rw_buf_text(&text), text.len, &fault));
	rw_buf_free(&text);
	return fault;
}

static enum rw_xml_fault
read_repeated(const char *start, const char *piece, size_t n, const char *end)
{
	struct rw_buf text = {0};
	enum rw_xml_fault fault;

	rw_buf_adds(&text, start);
	while (n-- > 0)
		rw_buf_adds(&text, piece);
	rw_buf_adds(&text, end);
	rw_xml_free(rw_xml_read(rw_buf_text(&text), text.len, &fault));
	rw_buf_free(&text);
	return fault;
}

static void
test_bounds(void)
{
	is_int(read_nested(RW_XML_DEPTH_MAX), RW_XML_GOOD, "as deep as may be");
	is_int(read_nested(RW_XML_DEPTH_MAX + 1), RW_XML_LARGE, "deeper");
	is_int(read_nested(100000), RW_XML_LARGE, "much deeper");
	is_int(read_repeated("<a>", "<b/>", RW_XML_NODES_MAX - 1, "</a>"),
		RW_XML_GOOD, "as many elements as may be");
	is_int(read_repeated("<a>", "<b/>", RW_XML_NODES_MAX, "</a>"),
		RW_XML_LARGE, "more");
	is_int(read_repeated("<a>", "<b c='' d=''/>", RW_XML_NODES_MAX / 3 + 1,
		"</a>"), RW_XML_LARGE, "attributes count");
	is_int(read_repeated("<a", " b=''", RW_XML_ATTRIBUTES_MAX + 1, "/>"),
		RW_XML_LARGE, "many attributes");
	is_int(read_repeated("<a", " b='>'", 100000, "/>"), RW_XML_LARGE,
		"a great many");
	is_int(read_repeated("<a>", "<b xmlns='c'/>", RW_XML_NAMESPACES_MAX,
		"</a>"), RW_XML_GOOD, "as many namespaces as may be");
	is_int(read_repeated("<a>", "<b xmlns='c'/>", RW_XML_NAMESPACES_MAX + 1,
		"</a>"), RW_XML_LARGE, "more");
	is_int(read_repeated("<a>", "x", RW_BODY_TEXT_MAX - 7, "</a>"),
		RW_XML_GOOD, "as long as may be");
	is_int(read_repeated("<a>", "x", RW_BODY_TEXT_MAX - 6, "</a>"),
		RW_XML_LARGE, "longer");
}

/* Kilobytes that the process ever needed. */
static long
peak(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

/* What a parser of entities needs gigabytes for. */
static void
test_entities(void)
{
	struct rw_buf text = {0};
	struct rw_s3_error error;
	long before = peak();
	int i;

	rw_buf_adds(&text, "<!DOCTYPE Error [<!ENTITY a \"");
	for (i = 0; i < 500000; i++)
		rw_buf_addc(&text, 'a');
	rw_buf_adds(&text, "\">]><Error><Code>");
	for (i = 0; i < 100000; i++)
		rw_buf_adds(&text, "&a;");
	rw_buf_adds(&text, "</Code></Error>");
	ok(!rw_s3_error_parse(text.data, text.len, &error), "a flat entity");
	is(error.code, "", "gives no code");
	rw_buf_reset(&text);
	rw_buf_adds(&text, "<!DOCTYPE Error [<!ENTITY a0 \"aaaaaaaaaa\">");
	for (i = 1; i < 30; i++)
		rw_buf_addf(&text, "<!ENTITY a%d \"&a%d;&a%d;\">", i, i - 1,
			i - 1);
	rw_buf_adds(&text, "]><Error><Code>&a29;</Code></Error>");
	ok(!rw_s3_error_parse(text.data, text.len, &error), "a billion laughs");
	rw_buf_free(&text);
	ok(peak() - before < 65536, "and both cost nothing");
}

static void
test_elements(void)
{
	static const char text[] = "<p:a xmlns:p='urn:x'><b> 1 </b><b>2</b>"
		"<c><d>  <![CDATA[<3]]>&amp;</d></c><q:e>4</q:e></p:a>";
	struct _xmlDoc *document = rw_xml_read(text, sizeof text - 1, NULL);
	struct _xmlNode *root = rw_xml_root(document), *node;
	char *found;

	ok(root != NULL && rw_xml_is(root, "A"), "a name without its prefix");
	is(rw_xml_name(root), "a", "has no prefix");
	node = rw_xml_child(root, "b");
	found = rw_xml_text(node);
	is(found, "1", "a text without blanks");
	free(found);
	found = rw_xml_text(rw_xml_next(node, "b"));
	is(found, "2", "the next");
	free(found);
	ok(rw_xml_child(root, "d") == NULL, "no child");
	found = rw_xml_text(rw_xml_find(root, "d"));
	is(found, "<3&", "but found within");
	free(found);
	found = rw_xml_text(rw_xml_find(root, "e"));
	is(found, "4", "a prefix that is not declared");
	free(found);
	ok(rw_xml_text(NULL) == NULL, "no text of nothing");
	rw_xml_free(document);
}

/* ---- wrappings --------------------------------------------------------- */

/* text, compressed or in another encoding. */
static void
wrap(struct rw_buf *out, const char *text, const char *how)
{
	struct rw_deflater *deflater = rw_deflater_new(6, NULL);
	struct rw_buf inner = {0};
	const char *at;
	char unit[4];

	if (strcmp(how, "gzip gzip") == 0) {
		wrap(&inner, text, "gzip");
		rw_deflate(deflater, RW_DEFLATE_GZIP, inner.data, inner.len,
			out, NULL);
	} else if (strncmp(how, "utf", 3) == 0) {
		for (at = text; *at != '\0'; at++) {
			memset(unit, 0, sizeof unit);
			unit[how[5] == 'l' ? 0 : how[3] == '1' ? 1 : 3] = *at;
			rw_buf_add(out, unit, how[3] == '1' ? 2 : 4);
		}
	} else {
		rw_deflate(deflater, strcmp(how, "gzip") == 0 ?
			RW_DEFLATE_GZIP : strcmp(how, "zlib") == 0 ?
			RW_DEFLATE_ZLIB : RW_DEFLATE_RAW, text, strlen(text),
			out, NULL);
	}
	rw_deflater_delete(deflater);
	rw_buf_free(&inner);
}

static void
test_wrappings(void)
{
	static const char text[] = "\n<?xml version='1.0' encoding='UTF-16'?>\n"
		"<Error><Code>SlowDown</Code></Error>\n";
	static const char *const ways[] = {"gzip", "zlib", "raw", "gzip gzip",
		"utf16le", "utf16be", "utf32le", "utf32be"};
	struct rw_buf body = {0}, bigger = {0}, out = {0};
	struct rw_s3_error error;
	size_t i;

	for (i = 0; i < sizeof ways / sizeof *ways; i++) {
		rw_buf_reset(&body);
		wrap(&body, text, ways[i]);
		ok(rw_s3_error_parse(body.data, body.len, &error), "%s",
			ways[i]);
		is(error.code, "SlowDown", "gives the code");
		ok(!rw_s3_error_parse(body.data, body.len / 2, &error),
			"half of it does not");
	}
	for (i = 0; i < RW_BODY_TEXT_MAX; i++)
		rw_buf_addc(&bigger, 'x');
	rw_buf_reset(&body);
	wrap(&body, rw_buf_text(&bigger), "gzip");
	ok(rw_body_text(body.data, body.len, &out), "gzip of all that may be");
	is_int((int64_t)out.len, RW_BODY_TEXT_MAX, "its length");
	rw_buf_addc(&bigger, 'x');
	rw_buf_reset(&body);
	wrap(&body, rw_buf_text(&bigger), "gzip gzip");
	ok(!rw_body_text(body.data, body.len, &out), "gzip of more");
	is_int((int64_t)out.len, 0, "is not restored");
	rw_buf_free(&body);
	rw_buf_free(&bigger);
	rw_buf_free(&out);
}

static void
test_text(void)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *text;
	} cases[] = {
		{"", 0, ""},
		{"a", 1, "a"},
		{" a b\n\0", 6, "a b"},
		{"\xff\xfe" "a\0\xe4\0\x3d\xd8\x00\xde", 10,
			"a\xc3\xa4\xf0\x9f\x98\x80"},
		{"\xfe\xff\0a\xd8\x3d", 6, "a\xef\xbf\xbd"},
		{"\xff\xfe\0\0a\0\0\0\xff\xff\xff\xff", 12,
			"a\xef\xbf\xbd"},
		{"\xe4", 1, "\xe4"},
		{"\x1f\x8b\x08", 3, NULL},
		{"x\x9c garbage", 10, NULL},
	};
	struct rw_buf out = {0};
	size_t i;
	bool good;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		good = rw_body_text(cases[i].bytes, cases[i].len, &out);
		is_int(good, cases[i].text != NULL, "text %zu", i);
		is(rw_buf_text(&out), good ? cases[i].text : "", "is itself");
	}
	rw_buf_free(&out);
}

/* ---- what a store says ------------------------------------------------- */

static void
test_errors(void)
{
	static const struct {
		const char *text, *code, *message;	/* code NULL: none */
	} cases[] = {
		{"<Error><Code>A</Code><Message>m</Message></Error>", "A", "m"},
		{"<x:Error xmlns:x='y'><x:Code>A</x:Code></x:Error>", "A", ""},
		{"<x:Error><x:Code>A</x:Code></x:Error>", "A", ""},
		{"<Error>\n <Code>\n  A\n </Code>\n</Error>", "A", ""},
		{"<Error><Code><![CDATA[A]]></Code></Error>", "A", ""},
		{"<ErrorResponse xmlns='x'><Error><Type>Sender</Type><Code>A"
			"</Code></Error></ErrorResponse>", "A", ""},
		{"<Response><Errors><Error><Code>A</Code></Error></Errors>"
			"</Response>", "A", ""},
		{"<error><code>A</code><message>m</message></error>", "A", "m"},
		{"<html><Error><Code>A</Code></Error></html>", NULL, ""},
		{"<!DOCTYPE Error><Error><Code>A</Code></Error>", NULL, ""},
		{"{\"Code\":\"A\",\"Message\":\"m\"}", "A", "m"},
		{" {\"code\":\"A\",\"message\":\"m\",\"status\":401}\n", "A",
			"m"},
		{"\xef\xbb\xbf{\"Error\":{\"Code\":\"A\"}}", "A", ""},
		{"{\"error\":{\"code\":403,\"message\":\"m\",\"status\":\"A\"}}",
			"A", "m"},
		{"{\"errors\":[{\"code\":\"A\",\"message\":\"m\"}]}", "A", "m"},
		{"{\"errors\":[{\"code\":1,\"message\":\"m\"}],\"success\":"
			"false}", "", "m"},
		{"{\"__type\":\"com.amazonaws.s3#A:http://x\"}", "A", ""},
		{"{\"message\":\"Forbidden\"}", "", "Forbidden"},
		{"{\"error\":\"A\",\"error_description\":\"m\"}", "A", "m"},
		{"{\"type\":\"x\",\"title\":\"t\",\"detail\":\"d\"}", "", "d"},
		{"{\"ok\":true}", NULL, ""},
		{"{\"Code\":\"A\"", NULL, ""},
		{"[\"Code\"]", NULL, ""},
		{"\"Code\"", NULL, ""},
	};
	struct rw_s3_error error;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		is_int(rw_s3_error_parse(cases[i].text, strlen(cases[i].text),
			&error), cases[i].code != NULL, "error %zu", i);
		is(error.code, cases[i].code != NULL ? cases[i].code : "",
			"its code");
		is(error.message, cases[i].message, "its message");
	}
}

int
main(void)
{
	test_faults();
	test_bounds();
	test_entities();
	test_elements();
	test_wrappings();
	test_text();
	test_errors();
	return done();
}
