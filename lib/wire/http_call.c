#include "wire/http_call.h"

#include <string.h>

bool
rw_http_header(const struct rw_http_call *call, const char *name, char *out,
	size_t size)
{
	const char *line = rw_buf_text(&call->head), *end_of_line;
	size_t len = strlen(name), n;

	out[0] = '\0';
	for (; *line != '\0'; line = end_of_line + 1) {
		end_of_line = strchrnul(line, '\n');
		if (strncmp(line, name, len) == 0 && line[len] == ':') {
			line += len + 1;
			while (*line == ' ' || *line == '\t')
				line++;
			n = (size_t)(end_of_line - line);
			if (n >= size)
				n = size - 1;
			memcpy(out, line, n);
			out[n] = '\0';
			return true;
		}
		if (*end_of_line == '\0')
			break;
	}
	return false;
}

void
rw_http_call_free(struct rw_http_call *call)
{
	rw_buf_free(&call->head);
	rw_buf_free(&call->answer);
}
