#include <string.h>

#include "store/link_scheme.h"

#define ADDRESS(name) &rw_link_##name,

const struct rw_link_scheme *const rw_link_schemes[RW_SCHEMES] = {
	RW_LINK_SCHEMES(ADDRESS)
};

const struct rw_link_scheme *
rw_link_scheme_find(const char *name)
{
	size_t i;

	for (i = 0; i < RW_SCHEMES; i++)
		if (strcmp(name, rw_link_schemes[i]->name) == 0)
			return rw_link_schemes[i];
	return NULL;
}

void
rw_link_scheme_names(struct rw_buf *out)
{
	size_t i;

	for (i = 0; i < RW_SCHEMES; i++)
		rw_buf_addf(out, "%s%s", i == 0 ? "" : i + 1 < RW_SCHEMES ?
			", " : " or ", rw_link_schemes[i]->name);
}
