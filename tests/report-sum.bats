# rw-report (report_helpers.bash): reports that a stage drops, repeats,
# reorders, truncates or swallows are detected, with any exit status.
#
# bats file_tags=plain

load report_helpers

setup_lines() {
	printf '{"follower_id":"f-%d","report_period":"2025-06","email":"f@example.com"}\n' \
		1 2 3 4 5 >"$due_file"
}

# The faults, as filters of lines. repeat keeps the number of lines.
FAULTS='drop repeat reorder truncate swallow other garbage more'

# fault NAME: prints the body of a tool with this fault that ends with 0.
fault() {
	case $1 in
	drop) echo 'sed 3d' ;;
	repeat) echo 'sed "3{h;};4{g;}"' ;;
	reorder) echo 'sed -n "2{h;d;};3{G;};p"' ;;
	truncate) echo 'head -c -7' ;;
	swallow) echo 'cat >/dev/null' ;;
	other) echo 'sed 3s/f-3/f-9/' ;;
	garbage) echo 'sed 3s/.*/garbage/' ;;
	more) echo 'sed "\$p"' ;;
	esac
}

nobody_is_mailed() {
	assert_status 70
	assert_stderr_has "$1 lost, repeated or reordered reports"
	assert_stderr_has 'nobody was mailed'
	refute called claim
	refute called mail
}

@test "rw-list, --lookup: a report that they did not count is detected" {
	setup_lines
	local name
	for name in $FAULTS; do
		: >"$calls"
		behind_list=$(fault "$name") report --shard 1/1
		nobody_is_mailed rw-list
		behind_lookup=$(fault "$name") report
		nobody_is_mailed 'rw-record --lookup'
	done
}

@test "--lookup with a missing or false count is not trusted" {
	setup_lines
	local number
	for number in '' 4 6; do
		says_read=$number report
		nobody_is_mailed 'rw-record --lookup'
	done
}

@test "rw-gen: every fault with status 0 ends the run before the mail" {
	setup_lines
	local name
	for name in $FAULTS; do
		: >"$calls"
		stub gen "$(fault "$name")"
		report
		nobody_is_mailed rw-gen
	done
}

@test "rw-put, rw-presign: after every fault with status 0 all mails have attachments, 70" {
	setup_lines
	local name stage
	for stage in put presign; do
		stub put 'exec sed s/}/,\"put\":1}/'
		for name in $FAULTS; do
			if [ $stage = put ]; then
				stub put "sed 's/}/,\"put\":1}/' | $(fault "$name")"
			else
				stub_presign "sed 's/}/,\"p\":1}/' | $(fault "$name")"
			fi
			report
			assert_status 70
			assert_stderr_has "rw-$stage lost, repeated or reordered reports"
			# No output of the store's stages is used.
			assert_equal "$(<"$due_file")" "$(<"$(last_run)/done")"
		done
		stub_presign 'exec cat'
	done
}

@test "rw-put, rw-presign: the same with other statuses, except for a correct beginning" {
	setup_lines
	local name stage
	for stage in put presign; do
		for name in $FAULTS; do
			if [ $stage = put ]; then
				stub put "$(fault "$name"); exit 69"
			else
				stub_presign "$(fault "$name"); exit 69"
			fi
			report
			case $name in
			truncate | swallow) assert_status 0 ;;
			*)
				assert_status 70
				assert_stderr_has "rw-$stage lost, repeated or reordered reports" ;;
			esac
			assert_equal "$(<"$due_file")" "$(<"$(last_run)/done")"
		done
		stub put 'exec cat'
	done
}

@test "a report is the same with any escapes in its name" {
	setup_lines
	stub put 'sed "s/f-3/\\\\u0066-3/; s/\"report/ \"report/"'
	report
	assert_status 0
}

@test "a line with two months, or none, is a different report" {
	setup_lines
	stub put 'sed "3s/2025-06/2025-07/"'
	report
	assert_status 70
	stub put 'sed "3s/,\"report_period\":\"2025-06\"//"'
	report
	assert_status 70
}
