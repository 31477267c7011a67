#include "relay_loop.h"

#include <poll.h>
#include <signal.h>

#include "base/clock.h"
#include "stop.h"

/* A process that has ended may leave its pipe to a child of its own, for
 * PIPE_MS. READ_MAX bounds what waits for --result. */
enum { TICK_MS = 200, PIPE_MS = 2000, READ_MAX = 1 << 20 };

static struct rw_relay_stage *
stage_of(struct rw_relay *relay, enum rw_relay_name name)
{
	return &relay->stages[name];
}

/* ---- moving lines ---------------------------------------------------------- */

/* Claims are read only when rw-mail has taken the claims before them, so that
 * claims are never far ahead of the mail. */
static bool
may_read(struct rw_relay *relay, enum rw_relay_name name)
{
	struct rw_relay_stage *stage = stage_of(relay, name);

	return stage->from.fd >= 0 && (name == RW_RELAY_RESULT ||
		(name == RW_RELAY_MAIL &&
		stage_of(relay, RW_RELAY_RESULT)->to.len < READ_MAX) ||
		(name == RW_RELAY_CLAIM &&
		stage_of(relay, RW_RELAY_MAIL)->to.len == 0));
}

/* Reads the available lines. Sets *moved when there were any. */
static void
read_lines(struct rw_relay *relay, enum rw_relay_name name, bool *moved)
{
	struct rw_relay_stage *stage = stage_of(relay, name);
	enum rw_read read = RW_READ_LINE;
	const char *text;
	size_t len;

	while (may_read(relay, name) && read != RW_READ_WAIT) {
		read = rw_reader_next(&stage->from, false, &text, &len);
		*moved = *moved || read != RW_READ_WAIT;
		if (read == RW_READ_LINE)
			rw_relay_take(relay, name, text, len);
		else if (read == RW_READ_LONG)
			rw_relay_take(relay, name, NULL, 0);
		else if (read != RW_READ_WAIT)
			rw_relay_stage_close_out(stage);
	}
}

/* The command finds a closed pipe, and ends. */
static void
cut(struct rw_relay_stage *stage)
{
	stage->was_cut = stage->was_cut || stage->from.fd >= 0;
	rw_relay_stage_close_out(stage);
}

/* Closes pipes whose reader is gone, or whose writer has ended. */
static void
close_pipes(struct rw_relay *relay)
{
	struct rw_relay_stage *claim = stage_of(relay, RW_RELAY_CLAIM);
	struct rw_relay_stage *mail = stage_of(relay, RW_RELAY_MAIL);
	struct rw_relay_stage *result = stage_of(relay, RW_RELAY_RESULT);

	rw_relay_stage_write(mail, &(bool){false});
	if (relay->is_cut || mail->in < 0)
		cut(claim);
	if (claim->was_judged && mail->to.len == 0)
		rw_relay_stage_close_in(mail);
	if (result->in < 0 && !mail->was_judged)
		cut(mail);
	if (mail->was_judged && result->to.len == 0)
		rw_relay_stage_close_in(result);
}

/* A child of a command may hold its pipe open for ever. */
static void
note_ends(struct rw_relay *relay)
{
	enum rw_relay_name name;

	for (name = 0; name < RW_RELAY_STAGES; name++) {
		struct rw_relay_stage *stage = stage_of(relay, name);

		rw_relay_stage_reap(stage);
		if (stage->has_ended)
			rw_relay_stage_close_in(stage);
		if (stage->has_ended && may_read(relay, name) &&
		    rw_clock_monotonic_ms() > stage->ended_at_ms + PIPE_MS)
			rw_relay_stage_close_out(stage);
		if (!stage->was_judged && rw_relay_stage_is_over(stage)) {
			stage->was_judged = true;
			rw_relay_end(relay, name);
		}
	}
}

static bool
is_over(struct rw_relay *relay)
{
	enum rw_relay_name name;

	for (name = 0; name < RW_RELAY_STAGES; name++)
		if (!stage_of(relay, name)->was_judged)
			return false;
	return true;
}

/* ---- ending what hangs ------------------------------------------------------- */

/* The command whose turn it is. */
static struct rw_relay_stage *
find_idle(struct rw_relay *relay)
{
	struct rw_relay_stage *claim = stage_of(relay, RW_RELAY_CLAIM);
	struct rw_relay_stage *mail = stage_of(relay, RW_RELAY_MAIL);
	struct rw_relay_stage *result = stage_of(relay, RW_RELAY_RESULT);

	if (!result->has_ended && result->to.len > 0)
		return result;
	if (!mail->has_ended && (mail->owed > 0 || mail->to.len > 0))
		return mail;
	if (!claim->has_ended)
		return claim;
	return mail->has_ended ? result : mail;
}

static void
kill_late(struct rw_relay *relay, int64_t now)
{
	enum rw_relay_name name;

	for (name = 0; name < RW_RELAY_STAGES; name++) {
		struct rw_relay_stage *stage = stage_of(relay, name);

		if (stage->pid != 0 && stage->kill_at_ms != 0 &&
		    now >= stage->kill_at_ms) {
			kill(stage->pid, SIGKILL);
			stage->kill_at_ms = INT64_MAX;
		}
	}
}

/* After a signal, rw-mail finishes the mails in progress. --result outlives
 * rw-mail, and has a separate time limit to record the outcomes. */
static void
keep_watch(struct rw_relay *relay, struct rw_relay_watch *watch)
{
	int64_t now = rw_clock_monotonic_ms();
	struct rw_relay_stage *idle;

	if (*rw_stop_flag() != 0) {
		rw_relay_stage_stop(stage_of(relay, RW_RELAY_CLAIM),
			now + watch->kill_ms);
		rw_relay_stage_stop(stage_of(relay, RW_RELAY_MAIL),
			now + watch->kill_ms);
		if (stage_of(relay, RW_RELAY_MAIL)->has_ended)
			rw_relay_stage_stop(stage_of(relay, RW_RELAY_RESULT),
				now + watch->kill_ms);
	} else if (now - watch->moved_ms >= watch->stall_ms) {
		idle = find_idle(relay);
		idle->is_late = true;
		rw_relay_stage_stop(idle, now + watch->kill_ms);
		watch->moved_ms = now;
	}
	kill_late(relay, now);
}

/* ---- the loop ---------------------------------------------------------------- */

static void
await(struct rw_relay *relay)
{
	struct pollfd fds[2 * RW_RELAY_STAGES];
	enum rw_relay_name name;
	nfds_t n = 0;

	for (name = 0; name < RW_RELAY_STAGES; name++) {
		struct rw_relay_stage *stage = stage_of(relay, name);

		if (may_read(relay, name))
			fds[n++] = (struct pollfd){.fd = stage->from.fd,
				.events = POLLIN};
		if (stage->in >= 0 && stage->to.len > 0)
			fds[n++] = (struct pollfd){.fd = stage->in,
				.events = POLLOUT};
	}
	(void)poll(fds, n, TICK_MS);
}

void
rw_relay_loop(struct rw_relay *relay, struct rw_relay_watch *watch)
{
	enum rw_relay_name name;
	bool moved;

	watch->moved_ms = rw_clock_monotonic_ms();
	while (!is_over(relay)) {
		await(relay);
		moved = false;
		for (name = 0; name < RW_RELAY_STAGES; name++) {
			rw_relay_stage_write(stage_of(relay, name), &moved);
			read_lines(relay, name, &moved);
		}
		note_ends(relay);
		close_pipes(relay);
		if (moved)
			watch->moved_ms = rw_clock_monotonic_ms();
		keep_watch(relay, watch);
	}
}
