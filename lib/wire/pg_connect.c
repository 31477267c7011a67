/* Logging in to PostgreSQL: libpq's settings and its messages. */
#include <errno.h>
#include <libpq-fe.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/secret.h"
#include "base/text.h"
#include "wire/config.h"
#include "wire/pg_priv.h"

enum { CONNECT_S = 15, CONNECT_MOST_S = 120 };

/* libpq leaves the timeout to its caller, and tries the next host of a list
 * only when one has failed. Therefore the kernel is told to give up on a silent
 * host. */
#define HOST_MS "10000"

/* ---- errors ------------------------------------------------------------- */

/* Errors that only a change of settings can cure. libpq's own messages have no
 * code. */
static const struct {
	const char *state;	/* start of the SQLSTATE, or NULL */
	const char *words;	/* part of the message, or NULL */
	const char *advice;
} settings_at_fault[] = {
	{NULL, "server does not support SSL", "to go on without encryption, "
		"add ?sslmode=disable to the URL"},
	{NULL, "root certificate file", "name the authority with RW_CA_FILE"},
	{NULL, "certificate verify failed", "is RW_CA_FILE (or sslrootcert) "
		"the authority of this server?"},
	{NULL, "does not match host name", "the certificate is of another "
		"host"},
	{NULL, "no password supplied", "is POSTGRES_PASSWORD, the password of "
		"the URL, or PGPASSFILE set?"},
	{NULL, "invalid connection option", NULL},
	{NULL, "invalid sslmode value", NULL},
	{NULL, "definition of service", NULL},
	{NULL, "invalid port number", NULL},
	{"42501", NULL, "rw-list --print-grants prints the rights that it "
		"needs"},
	{"42P01", NULL, "is it in the search_path of this role?"},
	{"28", NULL, NULL}, {"3D", NULL, NULL}, {"42", NULL, NULL},
	{"22", NULL, NULL}, {"0A", NULL, NULL},
};

static bool
is_same_words(const char *text, size_t len, const char *other)
{
	return strlen(other) == len && memcmp(text, other, len) == 0;
}

bool
rw_pg_fail(const struct rw_pg *pg, const char *what, const char *state,
	const char *message, struct rw_err *err)
{
	enum rw_kind kind = RW_UNREACHABLE;
	const char *advice = NULL;
	size_t i, len = strcspn(message, "\n");

	for (i = 0; i < sizeof settings_at_fault /
	    sizeof settings_at_fault[0]; i++) {
		const char *begin = settings_at_fault[i].state;

		if (begin != NULL ? strncmp(state, begin, strlen(begin)) != 0 :
		    strstr(message, settings_at_fault[i].words) == NULL)
			continue;
		kind = RW_CONFIG;
		advice = settings_at_fault[i].advice;
		break;
	}
	if (len == 0 || is_same_words(message, len, " "))
		message = "no reason was given", len = strlen(message);
	return rw_fail(err, kind, "%s: cannot %s: %.*s%s%s%s", pg->name, what,
		(int)len, message, advice != NULL ? " (" : "",
		advice != NULL ? advice : "", advice != NULL ? ")" : "");
}

/* ---- waiting ------------------------------------------------------------ */

bool
rw_pg_wait(const struct rw_pg *pg, const char *what, bool wants_write,
	int most_ms, int64_t *left_ms, struct rw_err *err)
{
	struct pollfd ready = {.fd = PQsocket(pg->conn),
		.events = (short)(wants_write ? POLLIN | POLLOUT : POLLIN)};
	int64_t began = rw_clock_monotonic_ms();
	int found;

	if (ready.fd < 0)
		return rw_fail(err, RW_UNREACHABLE, "%s: cannot %s: the "
			"connection is closed", pg->name, what);
	do
		found = poll(&ready, 1, *left_ms <= 0 ? 0 : *left_ms <
			most_ms ? (int)*left_ms : most_ms);
	while (found < 0 && errno == EINTR);
	*left_ms -= rw_clock_monotonic_ms() - began;
	if (found > 0 || *left_ms > 0)
		return true;
	return rw_fail(err, RW_UNREACHABLE, "%s: cannot %s: the server took "
		"too long to answer", pg->name, what);
}

/* ---- what libpq is given ------------------------------------------------ */

/* The value that libpq would use by default, from a service file or a PG*
 * variable. The caller frees it. */
static char *
take_default(const PQconninfoOption *defaults, const char *keyword)
{
	for (; defaults != NULL && defaults->keyword != NULL; defaults++)
		if (strcmp(defaults->keyword, keyword) == 0)
			return defaults->val != NULL ?
				strdup(defaults->val) : NULL;
	return NULL;
}

static bool
is_known(const PQconninfoOption *defaults, const char *keyword)
{
	for (; defaults->keyword != NULL; defaults++)
		if (strcmp(defaults->keyword, keyword) == 0)
			return true;
	return false;
}

static bool
set_variable(const char *name, const char *value, struct rw_err *err)
{
	return rw_config_text(name, NULL) != NULL ||
		setenv(name, value, 1) == 0 ||
		rw_fail_errno(err, RW_BUG, "cannot set %s", name);
}

/* Uses libpq's variables, so that a URL and a service file take precedence. */
static bool
set_tls(const struct rw_pg_target *target, const PQconninfoOption *defaults,
	struct rw_err *err)
{
	const char *ca = rw_config_text("RW_CA_FILE", NULL);
	char *host = take_default(defaults, "host"), *address;
	bool is_local;

	address = take_default(defaults, "hostaddr");
	is_local = rw_pg_is_local(rw_pg_target_get(target, "host") != NULL ?
		rw_pg_target_get(target, "host") : host) &&
		rw_pg_is_local(rw_pg_target_get(target, "hostaddr") != NULL ?
		rw_pg_target_get(target, "hostaddr") : address);
	free(host);
	free(address);
	return (is_local || set_variable("PGSSLMODE", "verify-full", err)) &&
		(ca == NULL || set_variable("PGSSLROOTCERT", ca, err));
}

static int64_t
count_hosts(const char *hosts)
{
	int64_t n = 1;

	while (hosts != NULL && (hosts = strchr(hosts, ',')) != NULL) {
		hosts++;
		n++;
	}
	return n;
}

/* In a password with an unencoded "&", the rest looks like a name. */
static bool
is_unknown(const struct rw_pg_target *target, size_t i, struct rw_err *err)
{
	if (i > 0 && strstr(target->keywords[i - 1], "password") != NULL)
		return rw_fail(err, RW_CONFIG, "%s: libpq does not know "
			"the parameter after \"%s\"; is the password "
			"percent-encoded (\"&\" as %%26)?", target->variable,
			target->keywords[i - 1]);
	return rw_fail(err, RW_CONFIG, "%s: libpq has no parameter "
		"\"%.40s\"", target->variable, target->keywords[i]);
}

/* Keywords of other drivers are left out. */
static bool
choose_keywords(const struct rw_pg_target *target,
	const PQconninfoOption *defaults, const char **keywords,
	const char **values, struct rw_err *err)
{
	size_t i, n = 0;

	for (i = 0; i < target->count; i++) {
		if (!is_known(defaults, target->keywords[i])) {
			if (target->is_shared)
				continue;
			return is_unknown(target, i, err);
		}
		keywords[n] = target->keywords[i];
		values[n++] = target->values[i];
	}
	if (rw_pg_target_get(target, "tcp_user_timeout") == NULL &&
	    count_hosts(rw_pg_target_get(target, "host")) > 1) {
		keywords[n] = "tcp_user_timeout";
		values[n++] = HOST_MS;
	}
	keywords[n] = "client_encoding";
	values[n++] = "UTF8";
	keywords[n] = "fallback_application_name";
	values[n++] = "report-worker";
	keywords[n] = NULL;
	values[n] = NULL;
	return true;
}

static bool
start(struct rw_pg *pg, const struct rw_pg_target *target, struct rw_err *err)
{
	const char *keywords[RW_PG_KEYWORDS + 4], *values[RW_PG_KEYWORDS + 4];
	const char *service = rw_pg_target_get(target, "service");
	PQconninfoOption *defaults;
	bool good;

	/* So that the next call expands it. */
	if (service != NULL && setenv("PGSERVICE", service, 1) != 0)
		return rw_fail_errno(err, RW_BUG, "cannot set PGSERVICE");
	defaults = PQconndefaults();
	if (defaults == NULL)
		return rw_fail_memory(err, "PostgreSQL's defaults");
	good = choose_keywords(target, defaults, keywords, values, err) &&
		set_tls(target, defaults, err);
	PQconninfoFree(defaults);
	if (good)
		pg->conn = PQconnectStartParams(keywords, values, 0);
	if (good && pg->conn == NULL)
		good = rw_fail_memory(err, "a connection");
	return good;
}

/* ---- connecting --------------------------------------------------------- */

static bool
name_server(struct rw_pg *pg, struct rw_err *err)
{
	const char *db = PQdb(pg->conn), *host = PQhost(pg->conn);
	const char *port = PQport(pg->conn), *password = PQpass(pg->conn);
	struct rw_buf name = {0};
	bool is_path = host != NULL && *host == '/';

	rw_buf_addf(&name, "PostgreSQL %.80s", db != NULL ? db : "");
	if (host != NULL && *host != '\0')
		rw_buf_addf(&name, " at %.120s%s%.8s", host, is_path ||
			port == NULL ? "" : ":", is_path || port == NULL ?
			"" : port);
	free(pg->name);
	pg->name = rw_buf_take(&name);
	/* A server may repeat the password, which libpq may have from any
	 * source. */
	return (pg->name != NULL && (password == NULL || *password == '\0' ||
		rw_secret_know(password))) ||
		rw_fail_memory(err, "a name");
}

/* With this verbosity, the message of a server is "FATAL: 28P01: password ...".
 * There is no other way to get the SQLSTATE. */
static bool
fail_to_connect(const struct rw_pg *pg, struct rw_err *err)
{
	const char *message = PQerrorMessage(pg->conn);
	const char *mark = strstr(message, ":  ");
	char state[6] = "";
	struct rw_buf text = {0};
	bool good;

	if (mark != NULL && strspn(mark + 3,
	    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 5 && mark[8] == ':') {
		memcpy(state, mark + 3, 5);
		rw_buf_add(&text, message, (size_t)(mark + 1 - message));
		rw_buf_adds(&text, mark + 9);
		message = rw_buf_text(&text);
	}
	good = rw_pg_fail(pg, "connect", state, message, err);
	rw_buf_free(&text);
	return good;
}

/* The time limit for all hosts. */
static int64_t
connect_ms(const struct rw_pg *pg, const struct rw_pg_target *target)
{
	PQconninfoOption *used = PQconninfo(pg->conn);
	char *text = take_default(used, "connect_timeout");
	uint64_t seconds = 0;

	if (text == NULL || !rw_text_to_u64(text, CONNECT_MOST_S, &seconds) ||
	    seconds == 0)
		seconds = CONNECT_S;
	free(text);
	PQconninfoFree(used);
	return (int64_t)seconds * 1000 *
		count_hosts(rw_pg_target_get(target, "host"));
}

bool
rw_pg_connect(struct rw_pg *pg, const struct rw_pg_target *target,
	struct rw_err *err)
{
	PostgresPollingStatusType state = PGRES_POLLING_WRITING;
	int64_t left_ms;

	pg->name = strdup(target->variable);
	if (pg->name == NULL)
		return rw_fail_memory(err, "a name");
	if (!start(pg, target, err) || !name_server(pg, err))
		return false;
	PQsetErrorVerbosity(pg->conn, PQERRORS_VERBOSE);
	left_ms = connect_ms(pg, target);
	while (PQstatus(pg->conn) != CONNECTION_BAD &&
	    state != PGRES_POLLING_OK && state != PGRES_POLLING_FAILED) {
		if (!rw_pg_wait(pg, "connect", state == PGRES_POLLING_WRITING,
		    INT_MAX, &left_ms, err))
			return false;
		state = PQconnectPoll(pg->conn);
	}
	if (PQstatus(pg->conn) != CONNECTION_OK)
		return fail_to_connect(pg, err);
	PQsetErrorVerbosity(pg->conn, PQERRORS_DEFAULT);
	return name_server(pg, err) && (PQsetnonblocking(pg->conn, 1) == 0 ||
		rw_fail(err, RW_BUG, "a connection cannot be polled"));
}
