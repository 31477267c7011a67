#include "wire/sigv2.h"

#include "tap.h"

/* The first is the query string example of the documentation; the others were
 * made with botocore 1.29. */
static const struct {
	const char *token, *resource, *query;
	int64_t expires_at;
	const char *link;
} cases[] = {
	{NULL, "/johnsmith/photos/puppy.jpg", "", 1175139620,
		"AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature="
		"NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620"},
	{NULL, "/reports-bucket/reports/a%20b%2Bc%3Dd%25e/%C3%A9.pdf", "",
		1369357200, "AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature="
		"ZCbfiC6W5zfed4qjTck1IWbzpww%3D&Expires=1369357200"},
	{"tok/en+=", "/reports-bucket/a.pdf?response-content-disposition="
		"attachment; filename=\"x y.pdf\"&versionId=v+1/2",
		"response-content-disposition=attachment%3B%20filename%3D%22x"
		"%20y.pdf%22&versionId=v%2B1%2F2", 1369357200,
		"response-content-disposition=attachment%3B%20filename%3D%22x"
		"%20y.pdf%22&versionId=v%2B1%2F2&"
		"AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature="
		"EzDjTLQjXQN7U2CF0zG1z3BQUCY%3D&x-amz-security-token="
		"tok%2Fen%2B%3D&Expires=1369357200"},
};

int
main(void)
{
	struct rw_identity identity = {
		.access_key = "AKIAIOSFODNN7EXAMPLE",
		.secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
	};
	struct rw_sigv2 signer;
	struct rw_err err = {0};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct rw_sigv2_link link = {cases[i].resource, cases[i].query,
			cases[i].expires_at};
		struct rw_buf out = {0};

		identity.token = cases[i].token;
		ok(rw_sigv2_open(&signer, &identity, &err), "open");
		ok(rw_sigv2_presign(&signer, &link, &out, &err), "a link");
		is(rw_buf_text(&out), cases[i].link, "%s", cases[i].resource);
		rw_buf_free(&out);
		rw_sigv2_close(&signer);
	}
	return done();
}
