#include "base/said.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The most causes; further causes are only in the log. */
enum { MAX_CAUSES = 100 };

/* A path contains the follower's id and pdf or xlsx. */
static bool
is_same_text(const char *a, const char *b)
{
	while (*a == *b && *a != '\0') {
		if (*a == '/') {
			a += strcspn(a, " :");
			b += strcspn(b, " :");
		} else {
			a++;
			b++;
		}
	}
	return *a == *b;
}

static struct rw_said_cause *
find_cause(const struct rw_said *said, const char *level, const char *message)
{
	size_t i;

	for (i = 0; i < said->n; i++)
		if (strcmp(said->causes[i].level, level) == 0 &&
		    is_same_text(said->causes[i].message, message))
			return &said->causes[i];
	return NULL;
}

void
rw_said_add(struct rw_said *said, const char *level, const char *kind,
	const char *subject, const char *message)
{
	struct rw_said_cause *cause = find_cause(said, level, message);

	if (said->causes == NULL)
		said->causes = calloc(MAX_CAUSES, sizeof *said->causes);
	if (cause != NULL) {
		cause->count++;
	} else if (said->n == MAX_CAUSES || said->causes == NULL) {
		said->more++;
	} else {
		said->causes[said->n++] = (struct rw_said_cause){level, kind,
			subject == NULL ? NULL : strdup(subject),
			strdup(message), 1};
	}
}

void
rw_said_free(struct rw_said *said)
{
	size_t i;

	for (i = 0; i < said->n; i++) {
		free(said->causes[i].subject);
		free(said->causes[i].message);
	}
	free(said->causes);
	*said = (struct rw_said){0};
}
