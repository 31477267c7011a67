# bats file_tags=plain,long
#
# Every tool and the script are killed with -9 at every step; see
# matrix/kill.py. With RW_TEST_SOAK (make soak) at more moments, and more often.

load matrix_helpers

setup() {
	need_server radosgw
	new_bucket
	rw-bucket >/dev/null
	if [[ $BATS_TEST_DESCRIPTION == MongoDB* ]]; then
		RW_TEST_MONGO_MEMORY=1 need_server mongo.memory
	fi
}

@test "SQLite: tools killed at every fault point before the mail" {
	matrix kill sqlite points lookup gen put presign verify
}

@test "SQLite: tools killed at every fault point of the mail" {
	matrix kill sqlite points claim mail result relay
}

@test "MongoDB: tools killed at every fault point of the mail" {
	matrix kill mongo points claim mail result relay
}

@test "SQLite: the script killed before and after every stage" {
	matrix kill sqlite script
}

@test "MongoDB: the script killed before and after the mail's stages" {
	matrix kill mongo script claim mail result relay
}

@test "SQLite: random kills" {
	matrix kill sqlite random "$([ -n "${RW_TEST_SOAK-}" ] && echo 150 || echo 10)" 1
}

@test "MongoDB: random kills" {
	matrix kill mongo random "$([ -n "${RW_TEST_SOAK-}" ] && echo 150 || echo 10)" 1001
}
