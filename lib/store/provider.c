#include "store/provider.h"

#include <string.h>

static const struct rw_provider providers[] = {
	{".amazonaws.com", "Amazon S3", true, true},
	{".amazonaws.com.cn", "Amazon S3", true, true},
	{".r2.cloudflarestorage.com", "Cloudflare R2", false, true},
	{".backblazeb2.com", "Backblaze B2", false, true},
	{".aliyuncs.com", "Alibaba Cloud OSS", false, false},
	{".digitaloceanspaces.com", "DigitalOcean Spaces", false, false},
	{".googleapis.com", "Google Cloud Storage", false, false},
	{".idrivee2.com", "IDrive e2", false, false},
	{".linodeobjects.com", "Linode", false, false},
	{".myhuaweicloud.com", "Huawei OBS", false, false},
	{".ovh.net", "OVHcloud", false, false},
	{".scw.cloud", "Scaleway", false, false},
	{".vultrobjects.com", "Vultr", false, false},
	{".wasabisys.com", "Wasabi", false, false},
	{".your-objectstorage.com", "Hetzner", false, false},
};

const struct rw_provider *
rw_provider_of(const char *host)
{
	size_t len = strcspn(host, ":"), i, n;

	/* A name may end in the root of the DNS. */
	if (len > 0 && host[len - 1] == '.')
		len--;
	for (i = 0; i < sizeof providers / sizeof *providers; i++) {
		n = strlen(providers[i].suffix);
		if (len > n && strncmp(host + len - n, providers[i].suffix,
		    n) == 0)
			return &providers[i];
	}
	return NULL;
}
