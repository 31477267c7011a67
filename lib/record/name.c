#include "base/text.h"
#include "base/unicode.h"
#include "record/record.h"

bool
rw_record_follower_name(struct rw_record *record, const char **name,
	struct rw_err *err)
{
	const char *text;
	uint32_t c;

	if (!rw_record_optional_string(record, RW_M_NAME, "", name, err))
		return false;
	for (text = *name; (c = rw_text_next(&text)) != 0;) {
		if (rw_text_is_control(c))
			return rw_fail(err, RW_DATA, "name has a control "
				"character");
		if (rw_char_is_noncharacter(c))
			return rw_fail(err, RW_DATA, "name has U+%04X, which "
				"is not a character", (unsigned)c);
	}
	if (rw_text_is_invisible(*name))
		*name = "";
	return true;
}
