# bats file_tags=plain
#
# Four hosts at the same time, with the same followers and one MongoDB: four
# runs with separate state directories and RW_HOST names. If the rights allow
# it, each run has its own network namespace, so that the runs share only the
# servers.

load helpers

setup() {
	need_command socat ip
	need_server radosgw
	new_bucket >/dev/null
	RW_TEST_MONGO_MEMORY=1 own_server mongo
	own_server smtp-sink
	export REPORT_SENDER_EMAIL=reports@example.com
	due_file=$BATS_TEST_TMPDIR/due.jsonl
	seq 500 | sed 's/.*/{"follower_id":"f-&","report_period":"2025-06","email":"f-&@example.com","commission_pct":20,"daily_pnl":{"2025-06-02":"1.50"}}/' \
		>"$due_file"
	[[ $MONGO_URI =~ ^mongodb://(localhost|127\.0\.0\.1):[0-9]+(/|$) ]] ||
		skip 'needs a MongoDB at a port of this host'
	ports="${MINIO_ENDPOINT_URL##*:} $SMTP_PORT $(sed \
		's|.*:\([0-9]*\).*|\1|' <<<"$MONGO_URI")"
	rw-record --init
	if unshare --net true 2>/dev/null; then
		apart=(unshare --net sh "$BATS_TEST_TMPDIR/apart")
		bridge
	else
		echo '# no network namespaces here: both hosts share one network' >&3
		apart=()
	fi
}

teardown() {
	# shellcheck disable=SC2086 # several
	[ -z "${sockets-}" ] || kill $sockets 2>/dev/null || true
	stop_own_servers
}

# A namespace has its own 127.0.0.1. Sockets in the file system forward the
# ports of the servers into it.
bridge() {
	local port
	sockets=
	for port in $ports; do
		socat "UNIX-LISTEN:$BATS_TEST_TMPDIR/$port,fork" \
			"TCP:127.0.0.1:$port" 3>&- &
		sockets="$sockets $!"
	done
	cat >"$BATS_TEST_TMPDIR/apart" <<-SH
		ip link set lo up
		for port in $ports; do
			socat TCP-LISTEN:\$port,bind=127.0.0.1,fork \
				UNIX-CONNECT:$BATS_TEST_TMPDIR/\$port &
			carriers="\${carriers-} \$!"
		done
		sleep 0.5
		"\$@"
		status=\$?
		kill \$carriers
		exit \$status
	SH
}

# hosts ARG...: four runs at once; {} is the number. All runs must succeed.
hosts() {
	local n pids=()
	for n in 1 2 3 4; do
		RW_HOST=host-$n RW_STATE_DIR="$BATS_TEST_TMPDIR/state-$n" \
			"${apart[@]}" rw-report --input "$due_file" --json \
			"${@//\{\}/$n}" >"$BATS_TEST_TMPDIR/out-$n" 2>&1 3>&- &
		pids+=($!)
	done
	for n in 1 2 3 4; do
		wait "${pids[n - 1]}" ||
			fail "host $n: status $?" "$(cat "$BATS_TEST_TMPDIR/out-$n")"
	done
}

mailed_once_each() {
	assert_equal "$(grep -rhoE '^X-Rcpt-Args: <f-[0-9]+' "$SMTP_SINK_DIR" |
		sed 's/.*<//' | sort)" "$(seq -f 'f-%g' 500 | sort)"
}

@test "four runs at once over 500 followers mail each once" {
	# Slow enough that all runs get some of the reports.
	RW_MAIL_OPTIONS='--rate 40/s' hosts
	mailed_once_each
	# The runs shared the work: no run did all of it.
	local n sent
	for n in 1 2 3 4; do
		sent=$(sed -n 's/.*"sent":\([0-9]*\).*/\1/p' \
			"$BATS_TEST_TMPDIR/out-$n")
		echo "# counted: host $n sent $sent of 500" >&3
		[ "$sent" -lt 400 ] || fail "host $n sent $sent of 500"
	done
	assert_equal "$(cat "$BATS_TEST_TMPDIR"/out-* |
		sed -n 's/.*"sent":\([0-9]*\).*/\1/p' | awk "{ n += \$1 } END { print n }")" 500
}

@test "four shards at once mail each follower once" {
	hosts --shard '{}/4'
	mailed_once_each
	assert_equal "$(cat "$BATS_TEST_TMPDIR"/out-* |
		sed -n 's/.*"due":\([0-9]*\).*/\1/p' | awk "{ n += \$1 } END { print n }")" 500
}
