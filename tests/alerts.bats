# The alert rules in examples/, evaluated by Prometheus' own promtool.

load helpers

setup() {
	command -v promtool >/dev/null || skip 'promtool is not installed'
	cp "$ROOT/examples/report-worker.rules.yml" \
		"$ROOT/tests/data/alerts/rules.test.yml" "$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR" || return
}

@test "each alert fires exactly when it must" {
	run promtool test rules rules.test.yml
	assert_status 0
}

@test "each alert of the examples has series that fire it" {
	grep -o "^  - alert: .*" report-worker.rules.yml |
		while read -r _ _ alert; do
			run grep -A1 -c "alertname: $alert\$" rules.test.yml
			assert_status 0
		done
}

@test "a run writes each metric that the rules use" {
	names=$(grep -o 'report_worker_[a-z_]*' report-worker.rules.yml | sort -u)
	[ "$(printf '%s\n' "$names" | wc -l)" -ge 6 ]
	for name in $names; do
		run grep -rq "${name#report_worker_}" "$ROOT/scripts/rw-report" \
			"$ROOT/lib/ledger/status.c" "$ROOT/tools"
		assert_status 0
	done
}
