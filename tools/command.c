#include "command.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

bool
rw_command_find(char *const *words, const char *word, size_t *n,
	struct rw_err *err)
{
	size_t i = 0;

	while (words[i] != NULL && strcmp(words[i], "--") != 0)
		i++;
	if (i == 0 || words[i] == NULL || words[i + 1] == NULL)
		return rw_fail(err, RW_USAGE, "expected %s... -- COMMAND "
			"[ARG...]", word);
	*n = i;
	return true;
}

bool
rw_command_become(char *const *command, struct rw_err *err)
{
	execvp(command[0], command);
	return rw_fail_errno(err, errno == ENOENT ? RW_USAGE : RW_IO,
		"cannot run %s", command[0]);
}
