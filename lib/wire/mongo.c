#include "wire/mongo.h"

#include <mongoc/mongoc.h>
#include <string.h>
#include <sys/mman.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/secret.h"
#include "wire/config.h"
#include "wire/mongo_uri_priv.h"

enum { WRITE_CONCERN_MS = 30000 };

/* Before main(), the driver makes a file in /dev/shm, named after the process
 * ID. A killed process does not remove it, and a later process with the same ID
 * would complain on standard error. So the driver gets unnamed memory instead:
 * the dynamic linker finds this function before libc's. */
int
shm_open(const char *name, int flags, mode_t mode)
{
	(void)flags;
	(void)mode;
	return memfd_create(name, MFD_CLOEXEC);
}

/* ---- errors ------------------------------------------------------------ */

static enum rw_kind
kind_of(const bson_error_t *error)
{
	enum { UNAUTHORIZED = 13, AUTHENTICATION_FAILED = 18 };

	if (error->domain == MONGOC_ERROR_CLIENT &&
	    error->code == MONGOC_ERROR_CLIENT_AUTHENTICATE)
		return RW_CONFIG;
	if (error->domain == MONGOC_ERROR_SERVER &&
	    (error->code == UNAUTHORIZED ||
	    error->code == AUTHENTICATION_FAILED))
		return RW_CONFIG;
	return RW_UNREACHABLE;
}

bool
rw_mongo_fail(const struct rw_mongo *mongo, const char *what,
	const bson_error_t *error, struct rw_err *err)
{
	char why[sizeof error->message];

	memcpy(why, error->message, sizeof why);
	rw_secret_hide_foreign(why);
	return rw_fail(err, kind_of(error), "%s: cannot %s: %s", mongo->name,
		what, why);
}

/* ---- opening ----------------------------------------------------------- */

static bool
name_database(struct rw_mongo *mongo, const mongoc_uri_t *uri,
	const char *variable, const char **database, struct rw_err *err)
{
	const mongoc_host_list_t *host;
	struct rw_buf name = {0};

	*database = rw_config_text(variable, mongoc_uri_get_database(uri));
	if (*database == NULL)
		return rw_fail(err, RW_CONFIG, "MONGO_URI is set and %s is "
			"not: set it to the name of the database", variable);
	if (!rw_mongo_check_database(variable, *database, err))
		return false;
	rw_buf_addf(&name, "MongoDB %s at ", *database);
	for (host = mongoc_uri_get_hosts(uri); host != NULL; host = host->next)
		rw_buf_addf(&name, "%s%s", host->host_and_port,
			host->next != NULL ? "," : "");
	if (mongoc_uri_get_srv_hostname(uri) != NULL)
		rw_buf_adds(&name, mongoc_uri_get_srv_hostname(uri));
	mongo->name = rw_buf_take(&name);
	return mongo->name != NULL ||
		rw_fail_memory(err, "a name");
}

static bool
require_majority(struct rw_mongo *mongo, struct rw_err *err)
{
	mongoc_write_concern_t *concern = mongoc_write_concern_new();

	if (concern == NULL)
		return rw_fail_memory(err, "a write concern");
	mongoc_write_concern_set_wmajority(concern, WRITE_CONCERN_MS);
	mongoc_write_concern_set_journal(concern, true);
	mongoc_client_set_write_concern(mongo->client, concern);
	mongoc_write_concern_destroy(concern);
	return true;
}

static bool
connect_client(struct rw_mongo *mongo, const mongoc_uri_t *uri,
	const char *database, struct rw_err *err)
{
	bson_error_t error;
	int64_t now;

	/* For mongodb+srv this asks the DNS. */
	mongo->client = mongoc_client_new_from_uri_with_error(uri, &error);
	if (mongo->client == NULL)
		return rw_mongo_fail(mongo, "find the servers", &error, err);
	mongoc_client_set_error_api(mongo->client, 2);
	if (!require_majority(mongo, err))
		return false;
	mongo->db = mongoc_client_get_database(mongo->client, database);
	return rw_mongo_now(mongo, &now, err);
}

bool
rw_mongo_open(struct rw_mongo *mongo, const char *variable,
	struct rw_err *err)
{
	mongoc_uri_t *uri = NULL;
	const char *database;
	char *text = NULL;
	bool good = false;

	*mongo = (struct rw_mongo){0};
	if (!rw_config_secret("MONGO_URI", &text, err))
		return false;
	if (text == NULL)
		return rw_fail(err, RW_CONFIG, "MONGO_URI is not set");
	/* Both work only once per process, even if they are called several
	 * times: several connections may be opened and closed in any order. */
	mongoc_init();
	(void)atexit(mongoc_cleanup);
	mongo->used = true;
	uri = rw_mongo_uri_read(text, err);
	good = uri != NULL &&
		name_database(mongo, uri, variable, &database, err) &&
		connect_client(mongo, uri, database, err);
	mongoc_uri_destroy(uri);
	rw_config_forget(text);
	if (!good)
		rw_mongo_close(mongo);
	return good;
}

void
rw_mongo_close(struct rw_mongo *mongo)
{
	if (!mongo->used)
		return;
	mongoc_database_destroy(mongo->db);
	mongoc_client_destroy(mongo->client);
	free(mongo->name);
	*mongo = (struct rw_mongo){0};
}

bool
rw_mongo_end(const struct rw_mongo *mongo, mongoc_cursor_t *cursor, bool good,
	const char *what, struct rw_err *err)
{
	bson_error_t error;

	if (good && mongoc_cursor_error(cursor, &error))
		good = rw_mongo_fail(mongo, what, &error, err);
	mongoc_cursor_destroy(cursor);
	return good;
}

/* ---- the clock --------------------------------------------------------- */

static bool
say_hello(struct rw_mongo *mongo, bson_t *reply, bson_error_t *error)
{
	bson_t command = BSON_INITIALIZER;
	bool good;

	/* The old name of "hello": every server still answers to it. */
	BSON_APPEND_INT32(&command, "isMaster", 1);
	good = mongoc_client_command_simple(mongo->client, "admin", &command,
		NULL, reply, error);
	bson_destroy(&command);
	return good;
}

static bool
read_clock(const struct rw_mongo *mongo, const bson_t *reply,
	int64_t *seconds, struct rw_err *err)
{
	bson_iter_t iter;

	if (!bson_iter_init_find(&iter, reply, "localTime") ||
	    !BSON_ITER_HOLDS_DATE_TIME(&iter))
		return rw_fail(err, RW_UNREACHABLE, "%s: the server does not "
			"report its time", mongo->name);
	*seconds = bson_iter_date_time(&iter) / 1000;
	return rw_clock_is_sane(mongo->name, *seconds, err) ||
		rw_err_prefix(err, "the clock of a server");
}

bool
rw_mongo_now(struct rw_mongo *mongo, int64_t *seconds, struct rw_err *err)
{
	bson_error_t error;
	bson_t reply;
	bool good = say_hello(mongo, &reply, &error);

	/* A connection that was lost in a restart is detected only when it is
	 * used. */
	if (!good && error.domain == MONGOC_ERROR_STREAM) {
		bson_destroy(&reply);
		good = say_hello(mongo, &reply, &error);
	}
	if (!good)
		rw_mongo_fail(mongo, kind_of(&error) == RW_CONFIG ? "log in" :
			"reach the server", &error, err);
	else
		good = read_clock(mongo, &reply, seconds, err);
	bson_destroy(&reply);
	return good;
}
