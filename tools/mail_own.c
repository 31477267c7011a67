#include "mail_own.h"

#include "record/own.h"

/* Only links require the settings of the store. Without a store, or when its
 * settings are wrong, the files are attached. */
static bool
open_places(struct rw_mail_own *own, const char *member, struct rw_err *err)
{
	if (own->is_open)
		return true;
	own->is_open = rw_link_places_open(&own->places, err);
	if (own->is_open)
		return true;
	if (err != NULL)
		err->kind = RW_DATA;
	return rw_err_prefix(err, "%s cannot be compared with the addresses "
		"of the store", member);
}

static bool
check_link(struct rw_mail_own *own, struct rw_record *record,
	enum rw_report_file file, struct rw_err *err)
{
	const struct rw_report_file_info *info = &rw_report_files[file];
	const char *url, *version;
	struct rw_buf key = {0};
	bool good;

	if (!rw_record_has(record, info->url))
		return true;
	good = rw_record_string(record, info->url, &url, err) &&
		rw_record_optional_string(record, info->version, NULL,
		&version, err) &&
		rw_own_add_key(record, file, &key, err) &&
		open_places(own, info->url, err) &&
		rw_link_leads_to(&own->places, info->url, url, key.data,
		version, err);
	rw_buf_free(&key);
	return good;
}

bool
rw_mail_own_check(struct rw_mail_own *own, struct rw_record *record,
	struct rw_err *err)
{
	return !own->is_required || (rw_own_has_files(record, err) &&
		rw_own_has_keys(record, err) &&
		check_link(own, record, RW_REPORT_PDF, err) &&
		check_link(own, record, RW_REPORT_EXCEL, err));
}

void
rw_mail_own_free(struct rw_mail_own *own)
{
	rw_link_places_close(&own->places);
	*own = (struct rw_mail_own){0};
}
