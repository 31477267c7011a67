# make coverage: runs the tests with a build that counts, and prints what of lib
# they reached. COVERED="put mail" runs these alone. The counts add up; "make
# coverage-clean" forgets them. Processes that are killed do not count.

COVERED ?= $(patsubst %,$(BUILD)/coverage/%,$(UNIT)) $(wildcard tests/*.bats)

coverage:
	$(MAKE_ALL) BUILD=$(BUILD)/coverage OPTIMISE='-O0 -g' HARDEN= \
		CFLAGS='--coverage -fprofile-update=atomic' LDFLAGS=--coverage \
		tools unit-programs
	-BUILD=$(abspath $(BUILD)/coverage) sh tests/run $(COVERED)
	/usr/bin/python3 tests/coverage.py $(BUILD)/coverage

coverage-clean:
	find $(BUILD)/coverage -name '*.gcda' -delete

.PHONY: coverage coverage-clean
