/*
 * What is known of providers by the names of their hosts. The one table of it.
 *
 * Sources: the S3 pages of the providers, 2025. Amazon refuses SigV2 for buckets
 * made since June 2020, and R2 and B2 have SigV4 alone.
 */
#ifndef RW_STORE_PROVIDER_H
#define RW_STORE_PROVIDER_H

#include <stdbool.h>

struct rw_provider {
	const char *suffix;		/* of a host, before it the bucket or
					 * what is none */
	const char *title;		/* for messages */
	bool is_amazon;
	bool refuses_sigv2;
};

/* Of a host with or without a port; NULL when it is nobody's that is known. */
const struct rw_provider *
rw_provider_of(const char *host);

#endif
