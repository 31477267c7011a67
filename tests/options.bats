#!/usr/bin/env bats
# rw-options: the command line and the settings of rw-report, before a run
# begins. rw-outcome: statuses and counts for the script.
#
# bats file_tags=plain

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	cat >script <<-'SH'
		[ "$RW_REPORT_PID" = $$ ] || exit 9
		printf '%s\n' "$RW_REPORT_OPTIONS" >options
	SH
}

# options ARG...: starts rw-options in the same way as the script.
options() {
	run --separate-stderr rw-options "$PWD/script" "$@"
}

value() {
	(
		eval "$(<options)"
		eval "printf %s \"\$$1\""
	)
}

@test "values arrive unchanged, with any content" {
	options --period 2025-06 --follower f-1 --follower=f-2 --out "a 'b' \$c \"d\"" \
		--revise --in-doubt hold --expect-min 6 --expect-days 0 \
		--allow-empty --wait-claims 2m --shard 2/3 --select x
	assert_status 0
	assert_equal "$(value period)" 2025-06
	assert_equal "$(value followers)" ' --follower f-1 --follower f-2'
	assert_equal "$(value out)" "a 'b' \$c \"d\""
	assert_equal "$(value mode)" --revise
	assert_equal "$(value leaves_unchanged)" yes
	assert_equal "$(value allow)" ' --expect-min 6 --allow-empty'
	assert_equal "$(value wait_claims),$(value grace),$(value stage_time)" 120,20,600
	assert_equal "$(value real),$(value dry),$(value verbose)" yes,,
	[ -d "$RW_STATE_DIR/runs" ]
}

@test "a dry run and a rehearsal do not change the ledger" {
	DRY_RUN_MODE=on RW_GRACE=5s options
	assert_status 0
	assert_equal "$(value real),$(value dry),$(value verbose),$(value grace)" \
		,yes,--verbose,5
	options --to me@example.com
	assert_equal "$(value real),$(value rehearse)" ,me@example.com
}

@test "--check asks each tool and takes no lock; the worst status is named" {
	mkdir bin
	local tool
	for tool in "$BUILD"/rw-*; do
		if [ ! -x "$tool" ] || [ ! -f "$tool" ]; then
			continue
		fi
		printf '#!/bin/sh\necho "${0##*/} $*" >>calls\n[ "${0##*/}" != "${BAD-}" ] || { echo "FAIL  it: bad"; exit 69; }\necho fine\n' \
			>"bin/${tool##*/}"
		chmod +x "bin/${tool##*/}"
	done
	ln -sf "$BUILD/rw-options" bin/
	RW_PUT_OPTIONS='-j 2' RW_PRESIGN_OPTIONS='--expires 1d' \
		run --separate-stderr bin/rw-options "$PWD/script" --check --period 2025-06 --out d
	assert_status 0
	[ "$(grep -c fine <<<"$output")" = 8 ]
	assert_file_has calls 'rw-run --check --writable d'
	assert_file_has calls 'rw-list --check --period 2025-06 --gates /dev/null'
	assert_file_has calls 'rw-put --check -j 2 --expires 1d'
	BAD=rw-put run --separate-stderr bin/rw-options "$PWD/script" --check --quiet
	assert_status 69
	assert_output 'FAIL  it: bad'
	assert_stderr 'rw-report: error: rw-put ended with status 69 (--check)'
	[ ! -e "$RW_STATE_DIR" ]
	rm bin/rw-verify
	run bin/rw-options "$PWD/script" --check
	assert_status 78
	assert_output_has 'rw-verify is missing or cannot be run'
}

@test "--again and --revise require a selection or --all; --force revises all reports" {
	local words
	while read -r words; do
		# shellcheck disable=SC2086
		options $words
		assert_status 0
		assert_equal "$(value mode),$(value leaves_unchanged)" "$(
			case $words in
			--again*) echo --again, ;;
			*--force*) echo --revise, ;;
			*) echo --revise,yes ;;
			esac)"
	done <<-'END'
		--again --all
		--again --follower f-1
		--again --input x
		--revise --all
		--revise --all --input x
		--revise --select x
		--revise --all --force
		--revise --force --follower f-1
	END
	options --revise
	assert_stderr 'rw-report: error: --revise requires --follower, --select, --input or --all'
}

@test "--env: the settings of the file apply, and options take precedence" {
	printf 'RW_GRACE=7\nRW_MAIL_OPTIONS=--rate 5/s\n' >settings
	options --env settings --period 2025-06
	assert_status 0
	assert_equal "$(value grace),$(value period)" 7,2025-06
	printf 'RW_MAIL_OPTIONS=--to x@y\n' >settings
	options --env settings
	assert_status 64
	assert_stderr 'rw-report: error: RW_MAIL_OPTIONS: --to is not allowed here: rw-mail must do its work'
	options --env missing
	assert_status 78
}

@test "a wrong option is 64 and is named, and nothing is made" {
	local words
	while read -r words; do
		# shellcheck disable=SC2086
		options $words
		assert_status 64
		assert_stderr_has 'rw-report: error: '
	done <<-'END'
		--nonsense
		x
		--period
		--period=
		--follower .x
		--follower a/b
		--shard 0/2
		--shard 1
		--shard 1/2/3
		--expect-min x
		--lock-wait soon
		--wait-claims soon
		--again --revise
		--again
		--revise --period 2025-06
		--all
		--again --all --follower f-1
		--revise --all --select x
		--again --all --force
		--force
		--accept
		--select - --input -
		--to x
		--to @x
		--to x@y --dry-run
		--to x@y --take-over
		--in-doubt maybe
	END
	DRY_RUN_MODE=yes options --to x@y
	assert_status 64
	DRY_RUN_MODE=perhaps options
	assert_status 78
	RW_STAGE_TIMEOUT=soon options
	assert_status 78
	assert_stderr 'rw-report: error: RW_STAGE_TIMEOUT: "soon" is not a time such as 90s or 15m'
	[ ! -e "$RW_STATE_DIR" ]
	[ ! -e options ]
}

@test "a missing tool is 78; options of a different process are not used" {
	mkdir bin
	ln -s "$BUILD"/rw-{options,gen,run} bin/
	RW_PUT_OPTIONS='-j 2' run bin/rw-options "$PWD/script"
	assert_status 78
	assert_output_has 'rw-put is missing or cannot be run'
	# In the environment of a tool of rw-report.
	RW_REPORT_PID=1 RW_REPORT_OPTIONS='exit 0' run rw-report --nonsense
	assert_status 64
}

# ---- rw-outcome ------------------------------------------------------------------

# judged STAGE=STATUS: prints outcome, status and list.
judged() {
	(
		eval "$(rw-outcome --judge "$1" .)"
		# shellcheck disable=SC2154
		printf '%s|%s|%s|%s' "$outcome" "$settled" "$group" "$of_store"
	)
}

@test "--judge: the meaning of statuses" {
	assert_equal "$(judged gen=0)" 'rw-gen ended with status 0|0||'
	assert_equal "$(judged mail=1)" 'rw-mail ended with status 1|1|failed|'
	assert_equal "$(judged audit=1)" 'reports that were due were not sent|1|unsent|'
	assert_equal "$(judged audit=75)" 'other runs have not ended yet|75|failed|'
	assert_equal "$(judged sum=1)" 'reports would not be sent|1|unsent|'
	assert_equal "$(judged put=69)" 'rw-put ended with status 69|69|failed|yes'
	assert_equal "$(judged check=124)" 'rw-presign --check did not end in time and was stopped|74|aborted|yes'
	assert_equal "$(judged lookup=127)" 'rw-record --lookup is missing or cannot be run|78|aborted|'
	assert_equal "$(judged claim=139)" 'rw-record --claim was killed by signal 11|70|aborted|'
	assert_equal "$(judged result=137)" 'rw-record --result was killed by signal 9|74|aborted|'
	assert_equal "$(judged free=)" 'rw-record --free was aborted|74|aborted|'
	assert_equal "$(judged sign=3)" 'rw-sign ended with status 3|74|failed|'
	echo '{"tool":"rw-record","reader_gone":true,"causes":[]}' >claim.outcome
	assert_equal "$(judged claim=74)" 'rw-record --claim ended with status 74|74|cut|'
	run rw-outcome --judge mail
	assert_status 64
}

@test "--worst: the common order" {
	local order='70 78 64 74 69 75 65 1 0' rest=
	for status in $order; do
		# shellcheck disable=SC2086
		assert_equal "$(rw-outcome --worst $rest 0 $status)" "${rest%% *}${rest:+}$([ -n "$rest" ] || echo "$status")"
		rest="${rest:+$rest }$status"
	done
	assert_equal "$(rw-outcome --worst 0 1 65 75)" 75
	assert_equal "$(rw-outcome --worst 0)" 0
}

@test "--summary: types, and the counts behind it" {
	run rw-outcome --summary -- period=2025-06 status=1 'error=a "b" \ c' \
		store_error= duration_s=3 due=5 uploads_failed= without_follower= \
		already_sent= unchanged= <<<'{"run_id":"r","sent":4}'
	assert_output '{"period":"2025-06","status":1,"error":"a \"b\" \\ c","store_error":"","duration_s":3,"due":5,"uploads_failed":null,"run_id":"r","sent":4}'
	run rw-outcome --summary -- period= duration_s=-3 without_follower=2 already_sent=0 \
		unchanged=4 </dev/null
	assert_output '{"period":null,"duration_s":-3,"without_follower":2,"already_sent":0,"unchanged":4}'
	for words in nonsense=1 due due=x; do
		run rw-outcome --summary -- "$words" </dev/null
		assert_status 64
	done
}

# metrics_of FILE: without the time of the run.
metrics_of() {
	grep -v last_run_timestamp "$1"
}

@test "--metrics: an unknown value is taken from the file, which is replaced" {
	printf 'report_worker_a 7\nreport_worker_b 8\n# TYPE report_worker_run_reports gauge\nreport_worker_run_reports{outcome="sent"} 3\n' >old
	rw-outcome --metrics old -- a=1 b= c= </dev/null
	assert_equal "$(metrics_of old)" '# TYPE report_worker_a gauge
report_worker_a 1
# TYPE report_worker_b gauge
report_worker_b 8
# TYPE report_worker_run_reports gauge
report_worker_run_reports{outcome="sent"} 3'
	rw-outcome --metrics old -- b= <<<'report_worker_run_reports 9'
	assert_equal "$(metrics_of old)" '# TYPE report_worker_b gauge
report_worker_b 8
report_worker_run_reports 9'
	cp old before
	ln -s old link
	mkfifo pipe
	for file in link pipe missing; do
		timeout 10 rw-outcome --metrics $file -- b= a=1 </dev/null
		[ -f $file ] && [ ! -L $file ] || fail "$file is not a file"
		assert_equal "$(metrics_of $file)" '# TYPE report_worker_a gauge
report_worker_a 1'
	done
	cmp old before
}
