/*
 * From nothing to a mail server that is ready for MAIL: the name resolved,
 * connected, greeted, EHLO, TLS, AUTH. libcurl does all of it, without
 * blocking; then the connection is ours, to send and receive on.
 *
 * libcurl could send the messages too, but it waits for the answer to the
 * final dot in a loop of its own, in which one slow server would hold up every
 * other connection (curl issue 8555), and it does not distinguish a refused
 * message from a message whose answer was lost.
 */
#ifndef RW_WIRE_SMTP_CONNECT_H
#define RW_WIRE_SMTP_CONNECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/smtp_case.h"
#include "wire/smtp_dialog.h"

enum rw_smtp_tls {
	RW_SMTP_STARTTLS,	/* required */
	RW_SMTP_TLS,		/* from the first byte */
	RW_SMTP_PLAIN,
};

struct rw_smtp_server {
	const char *host;	/* a name, an address, or "[::1]" */
	unsigned port;
	enum rw_smtp_tls tls;
	const char *user, *password;	/* NULL: no AUTH */
	bool uses_token;		/* instead of password */
	const char *token;
	const char *ca_file;		/* NULL: the system's */
	const char *hello;		/* our name; NULL: this host's */
	int64_t timeout_ms;		/* for all of it */
};

struct rw_smtp_connection {
	void *easy;		/* CURL *, owned; NULL: none */
	int fd;
	char *url;		/* owned */
	struct rw_smtp_features features;
	char address[64];	/* "127.0.0.1" */
	char cipher[64];	/* "TLSv1.3 / ..."; "" without TLS */
	/* private */
	const struct rw_smtp_server *server;
	char stage[16];		/* the last command: "EHLO" */
	char answer[256];	/* the last line of the server */
	char why[256];		/* libcurl's message */
	bool authenticated;
	int socket;		/* -1: none yet */
	struct rw_smtp_case keywords;	/* while EHLO is out */
};

/* Begins: adds a handle, whose private pointer is connection, to multi, a
 * CURLM. connection stays where it is until it is closed. */
bool
rw_smtp_connect_start(struct rw_smtp_connection *connection, void *multi,
	const struct rw_smtp_server *server, struct rw_err *err);

/* libcurl is done with it, with a CURLcode. True: the connection is ours, and
 * fd and features are set. False: RW_UNREACHABLE; RW_CONFIG for credentials
 * that were refused. err->retryable says whether trying at once again makes
 * sense, as it does not for a bad certificate. */
bool
rw_smtp_connect_end(struct rw_smtp_connection *connection, int code,
	struct rw_err *err);

/* After that failed: true when the server refused the token for good. */
bool
rw_smtp_connect_is_refused(const struct rw_smtp_connection *connection);

/* Closes it at once. Accepts {0}. */
void
rw_smtp_disconnect(struct rw_smtp_connection *connection, void *multi);

/* How many bytes went or came; 0: none for now; -1: the connection is gone,
 * which why names. */
ssize_t
rw_smtp_put(struct rw_smtp_connection *connection, const char *bytes,
	size_t len, const char **why);

ssize_t
rw_smtp_get(struct rw_smtp_connection *connection, char *bytes, size_t room,
	const char **why);

#endif
