/* The worst error so far, and whether the loop continues. */
#include "filter_priv.h"

#include "base/log.h"

void
rw_loop_note(struct rw_loop *loop, enum rw_kind kind)
{
	loop->worst = rw_kind_worse(loop->worst, kind);
}

void
rw_loop_end(struct rw_loop *loop, const struct rw_err *err)
{
	rw_say_failure(NULL, err);
	rw_loop_note(loop, err->kind);
	loop->ended = true;
}
