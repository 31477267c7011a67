/*
 * Not a test but a tool for one: puts an object under every key of standard
 * input (keys end with a NUL), reads its head, and prints its link. So keys
 * with bytes that no report has are tried on real servers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/link.h"
#include "store/s3.h"

static bool
put_and_look(struct rw_s3 *s3, const char *key, struct rw_err *err)
{
	struct rw_s3_call put = {.method = "PUT", .key = key,
		.has_body = true, .body = {.bytes = key, .fd = -1,
		.len = strlen(key)}};
	struct rw_s3_call head = {.method = "HEAD", .key = key};
	char sha256[RW_SHA256_HEX];
	bool good = rw_sha256_hex(key, strlen(key), sha256, err);

	put.sha256 = sha256;
	good = good && rw_s3_do(s3, &put, err) && rw_s3_do(s3, &head, err);
	rw_s3_call_free(&put);
	rw_s3_call_free(&head);
	return good;
}

static bool
print_link(struct rw_linker *linker, const char *key, struct rw_err *err)
{
	struct rw_link link = {.key = key, .period = {2025, 6},
		.revision = 1, .now = rw_clock_now_ms() / 1000};
	struct rw_buf url = {0};
	bool good = rw_linker_make(linker, &link, &url, err);

	if (good)
		puts(rw_buf_text(&url));
	rw_buf_free(&url);
	return good;
}

int
main(int argc, char **argv)
{
	struct rw_store store;
	struct rw_linker linker = {0};
	struct rw_s3 *s3 = NULL;
	struct rw_err err = {0};
	char *key = NULL;
	size_t room = 0;
	bool good;

	good = argc == 2 && rw_store_load(&store, &err) &&
		(s3 = rw_s3_new(&store, &(struct rw_s3_options){0}, &err)) !=
		NULL && rw_linker_open(&linker, &store, argv[1], 3600, &err);
	while (good && getdelim(&key, &room, '\0', stdin) > 0)
		good = put_and_look(s3, key, &err) &&
			print_link(&linker, key, &err);
	if (!good)
		fprintf(stderr, "%s: %s\n", key != NULL ? key : "",
			err.message);
	free(key);
	rw_linker_close(&linker);
	rw_s3_delete(s3);
	rw_store_free(&store);
	return good ? 0 : 1;
}
