#include "look_back.h"

#include "wire/config.h"

enum { LOOK_BACK = 3 };

bool
rw_look_back_read(uint64_t *months, struct rw_err *err)
{
	return rw_config_u64("RW_LOOK_BACK", LOOK_BACK, 0, RW_LOOK_BACK_MOST,
		months, err);
}
