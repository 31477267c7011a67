#include "store/s3_call.h"

void
rw_s3_call_free(struct rw_s3_call *call)
{
	rw_http_call_free(&call->http);
	rw_target_free(&call->target);
	rw_buf_free(&call->address);
	rw_buf_free(&call->authorization);
}
