#include "mail/template.h"
#include "tap.h"

static const char *const names[] = {"name", "pdf_url", "n2", NULL};
static const char *const values[] = {"Zo\xc3\xab <b> & \"c\"",
	"https://x.example/a?b=1&c='2'", ""};

static const struct {
	const char *text;
	enum rw_escape escape;
	const char *expected;	/* or what the error says */
	bool refused;
} cases[] = {
	{"", RW_ESCAPE_NOT, "", false},
	{"plain", RW_ESCAPE_HTML, "plain", false},
	{"Hello {name}!", RW_ESCAPE_NOT,
		"Hello Zo\xc3\xab <b> & \"c\"!", false},
	{"<p>{name}</p>", RW_ESCAPE_HTML,
		"<p>Zo\xc3\xab &lt;b&gt; &amp; &quot;c&quot;</p>", false},
	{"<a href=\"{pdf_url}\">", RW_ESCAPE_HTML,
		"<a href=\"https://x.example/a?b=1&amp;c=&#39;2&#39;\">",
		false},
	{"{n2}{name}{n2}", RW_ESCAPE_NOT, "Zo\xc3\xab <b> & \"c\"", false},
	{"a{color:red} @media x{b{c:d}} {} { name } {Name} {", RW_ESCAPE_HTML,
		"a{color:red} @media x{b{c:d}} {} { name } {Name} {", false},
	{"{{name}}", RW_ESCAPE_NOT, "{Zo\xc3\xab <b> & \"c\"}", false},
	{"one\ntwo {iban}\n", RW_ESCAPE_NOT,
		"links.txt:2: unknown placeholder {iban}; there are: "
		"name pdf_url n2", true},
	{"{total_pnl}", RW_ESCAPE_HTML,
		"links.txt:1: unknown placeholder {total_pnl}; there are: "
		"name pdf_url n2", true},
	{"{nam}", RW_ESCAPE_NOT, "links.txt:1: unknown placeholder {nam}; "
		"there are: name pdf_url n2", true},
	{"a{?name}b {name}{/name}c", RW_ESCAPE_NOT,
		"ab Zo\xc3\xab <b> & \"c\"c", false},
	{"a{?n2}b {name}{/n2}c{?n2}{/n2}d", RW_ESCAPE_NOT, "acd", false},
	{"{?name}1{?n2}2{?name}3{/name}{/n2}4{/name}5", RW_ESCAPE_NOT, "145",
		false},
	{"{?name}1{?pdf_url}2{?n2}3{/n2}{/pdf_url}4{/name}5", RW_ESCAPE_NOT,
		"1245", false},
	{"{? name}{/ name}{??name}{?}", RW_ESCAPE_NOT,
		"{? name}{/ name}{??name}{?}", false},
	{"\n{?name}", RW_ESCAPE_NOT, "links.txt: the section {?name} has no "
		"{/name}", true},
	{"\n{/name}", RW_ESCAPE_NOT, "links.txt:2: {/name} does not end the "
		"section that was begun last", true},
	{"{?name}{?n2}{/name}{/n2}", RW_ESCAPE_NOT, "links.txt:1: {/name} does "
		"not end the section that was begun last", true},
	{"{?iban}x{/iban}", RW_ESCAPE_NOT, "links.txt:1: unknown placeholder "
		"{?iban}; there are: name pdf_url n2", true},
};

int
main(void)
{
	struct rw_template template;
	struct rw_buf out = {0};
	struct rw_err err;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool good = rw_template_parse(&template, "links.txt",
			cases[i].text, cases[i].escape, names, &err);

		ok(good != cases[i].refused, "template %zu", i);
		rw_buf_reset(&out);
		if (good)
			rw_template_fill(&template, values, &out);
		is(good ? rw_buf_text(&out) : err.message, cases[i].expected,
			"what it says");
		if (!good)
			ok(err.kind == RW_CONFIG, "is an error of the "
				"configuration");
		rw_template_free(&template);
	}
	rw_buf_free(&out);
	return done();
}
