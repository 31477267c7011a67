/*
 * The table of storage providers, by the names of their hosts.
 *
 * Sources: the S3 pages of the providers, 2025. Amazon refuses SigV2 for
 * buckets made since June 2020; R2 and B2 accept only SigV4.
 */
#ifndef RW_STORE_PROVIDER_H
#define RW_STORE_PROVIDER_H

#include <stdbool.h>

struct rw_provider {
	const char *suffix;		/* of the host name; the bucket or a
					 * region may precede it */
	const char *title;		/* for messages */
	bool is_amazon;
	bool refuses_sigv2;
};

/* The provider of a host, given with or without a port; NULL when the provider
 * is unknown. */
const struct rw_provider *
rw_provider_of(const char *host);

#endif
