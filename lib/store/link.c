#include "store/link.h"

#include "base/text.h"

/* ---- the file name ----------------------------------------------------- */

/* "_2025-06_r2.pdf" */
static void
add_suffix(struct rw_buf *out, const struct rw_link *link)
{
	char period[RW_PERIOD_SIZE];

	rw_period_text(period, link->period);
	rw_buf_addc(out, '_');
	rw_buf_adds(out, period);
	if (link->revision > 1)
		rw_buf_addf(out, "_r%lld", (long long)link->revision);
	rw_buf_addf(out, ".%s", rw_report_files[link->file].extension);
}

/* RFC 6266: an ASCII name for every browser, and the exact name for browsers
 * that support it. */
static void
add_disposition(const struct rw_linker *linker, const struct rw_link *link,
	struct rw_buf *out)
{
	const char *p = linker->brand;
	uint32_t c;

	rw_buf_adds(out, "attachment; filename=\"");
	while ((c = rw_text_next(&p)) != 0)
		rw_buf_addc(out, c < 0x80 ? (char)c : '_');
	add_suffix(out, link);
	rw_buf_addc(out, '"');
	if (linker->brand_is_ascii)
		return;
	rw_buf_adds(out, "; filename*=UTF-8''");
	rw_text_add_percent(out, linker->brand, "");
	add_suffix(out, link);
}

static const struct rw_link_name *
name_of(struct rw_linker *linker, const struct rw_link *link)
{
	static const char parameter[] = "response-content-disposition=";
	struct rw_link_name *name = &linker->names[link->file];

	if (name->revision == link->revision &&
	    name->period.year == link->period.year &&
	    name->period.month == link->period.month)
		return name;
	rw_buf_reset(&name->plain);
	rw_buf_reset(&name->encoded);
	rw_buf_adds(&name->plain, parameter);
	add_disposition(linker, link, &name->plain);
	rw_buf_adds(&name->encoded, parameter);
	rw_text_add_percent(&name->encoded, rw_buf_text(&name->plain) +
		sizeof parameter - 1, "");
	name->period = link->period;
	name->revision = link->revision;
	return name;
}

/* ---- one link ---------------------------------------------------------- */

static void
join(struct rw_buf *out, const struct rw_buf *more)
{
	if (more->len > 0)
		rw_buf_add(out, more->data, more->len);
}

/* Fills query with the encoded parameters, and resource with the address and
 * the unencoded parameters, which SigV2 signs. */
static void
compose(struct rw_linker *linker, const struct rw_link *link)
{
	struct rw_buf *query = &linker->query, *resource = &linker->resource;
	const struct rw_link_name *name;
	bool has_name = linker->brand != NULL;

	rw_buf_reset(query);
	rw_buf_reset(resource);
	join(resource, &linker->start.resource);
	join(resource, &linker->key);
	if (has_name) {
		name = name_of(linker, link);
		join(query, &name->encoded);
		rw_buf_addc(resource, '?');
		join(resource, &name->plain);
	}
	if (link->version != NULL) {
		rw_buf_adds(query, has_name ? "&versionId=" : "versionId=");
		rw_buf_adds(resource, has_name ? "&versionId=" :
			"?versionId=");
		rw_text_add_percent(query, link->version, "");
		rw_buf_adds(resource, link->version);
	}
}

bool
rw_linker_make(struct rw_linker *linker, const struct rw_link *link,
	struct rw_buf *out, struct rw_err *err)
{
	if (link->key[0] == '\0')
		return rw_fail(err, RW_DATA, "a key is empty");
	rw_buf_reset(&linker->key);
	rw_text_add_percent(&linker->key, link->key, "/");
	rw_buf_reset(&linker->path);
	join(&linker->path, &linker->start.path);
	join(&linker->path, &linker->key);
	compose(linker, link);
	if (!rw_buf_ok(&linker->key, "a link", err) ||
	    !rw_buf_ok(&linker->path, "a link", err) ||
	    !rw_buf_ok(&linker->query, "a link", err) ||
	    !rw_buf_ok(&linker->resource, "a link", err))
		return false;
	join(out, &linker->address);
	join(out, &linker->key);
	return linker->scheme->make(linker->signer, &(struct rw_link_parts){
		.host = rw_buf_text(&linker->start.host),
		.path = rw_buf_text(&linker->path),
		.resource = rw_buf_text(&linker->resource),
		.key = rw_buf_text(&linker->key),
		.query = rw_buf_text(&linker->query),
		.now = link->now, .expires = linker->expires}, out, err);
}
