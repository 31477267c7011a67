/*
 * Opens a connection to a mail server, up to the point where the server is
 * ready for MAIL: name resolution, connection, greeting, EHLO, TLS, AUTH.
 * libcurl does all of this without blocking. After that, this module sends and
 * receives on the connection.
 *
 * libcurl could also send the messages. But it waits for the answer to the
 * final dot in its own loop, where one slow server would delay all other
 * connections (curl issue 8555), and it does not distinguish a refused message
 * from a message whose answer was lost.
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
	const char *hello;		/* our name; NULL: the host name */
	int64_t timeout_ms;		/* for all steps */
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
	struct rw_smtp_case keywords;	/* while the answer to EHLO is
					 * awaited */
};

/* Begins: adds a handle, whose private pointer is connection, to multi, a
 * CURLM. connection must not move until it is closed. */
bool
rw_smtp_connect_start(struct rw_smtp_connection *connection, void *multi,
	const struct rw_smtp_server *server, struct rw_err *err);

/* Call with the CURLcode when libcurl has finished. True: the connection is
 * ready, and fd and features are set. False: RW_UNREACHABLE; RW_CONFIG for
 * refused credentials. err->retryable says whether an immediate retry makes
 * sense; it does not for a bad certificate. */
bool
rw_smtp_connect_end(struct rw_smtp_connection *connection, int code,
	struct rw_err *err);

/* After a failure: true when the server permanently refused the token. */
bool
rw_smtp_connect_is_refused(const struct rw_smtp_connection *connection);

/* Closes the connection at once. Accepts {0}. */
void
rw_smtp_disconnect(struct rw_smtp_connection *connection, void *multi);

/* The number of bytes sent or received; 0: none at present; -1: the connection
 * is lost, and why is the reason. */
ssize_t
rw_smtp_put(struct rw_smtp_connection *connection, const char *bytes,
	size_t len, const char **why);

ssize_t
rw_smtp_get(struct rw_smtp_connection *connection, char *bytes, size_t room,
	const char **why);

#endif
