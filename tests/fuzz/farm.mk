# The farm: a target for every parser that reads bytes from outside. A file
# tests/fuzz/fuzz_NAME.c is all that a new one needs; its seeds and findings are
# in tests/data/fuzz/NAME/. Needs clang. See HACKING.md, "The farm".
#
#   make fuzz FUZZ_SECONDS=600             all targets, so long each
#   make fuzz FUZZ="xml smtp"              these alone
#   make fuzz-replay                       the seeds and findings, once
#
# FUZZ_JOBS targets run at a time. The corpus is kept in FUZZ_CORPUS from run to
# run.

FUZZ_SECONDS ?= 60
FUZZ_JOBS ?= 1
FUZZ_CORPUS ?= $(BUILD)/fuzz/corpus
# Those that read the most from outside have a minute each in CI.
FUZZ_LONG = statement smtp xml journal
FUZZ_ALL = $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ ?= $(FUZZ_LONG) $(filter-out $(FUZZ_LONG),$(FUZZ_ALL))

FUZZ_RUN = FUZZ_JOBS=$(FUZZ_JOBS) FUZZ_LONG="$(FUZZ_LONG)" \
	sh tests/fuzz/run $(BUILD)/fuzz
FUZZ_MAKE = $(MAKE_ALL) CC=clang BUILD=$(BUILD)/fuzz SAN=1 \
	CFLAGS="-fsanitize=fuzzer-no-link $(CFLAGS)" FUZZ="$(FUZZ)" fuzz-programs

fuzz:
	$(FUZZ_MAKE)
	$(FUZZ_RUN) $(FUZZ_CORPUS) $(FUZZ_SECONDS) $(FUZZ)

fuzz-replay:
	$(FUZZ_MAKE)
	$(FUZZ_RUN) '' 0 $(FUZZ)

fuzz-programs: $(addprefix $(BUILD)/fuzz_,$(FUZZ))

# All of lib: the linker takes what the target uses.
FARM = $(BUILD)/obj/farm.a
FARM_LIBS = $(GEN_LIBS) $(S3_LIBS) $(SQLITE_LIBS) $(MONGO_LIBS) $(PQ_LIBS) \
	$(GMIME_LIBS) $(JANSSON_LIBS)

$(FARM): $(call o,$(patsubst %.c,%,$(filter-out \
		$(XLSX_IN_FILES:=.c) lib/base/%,$(wildcard lib/*/*.c))))
	@rm -f $@
	$(call tell,AR)$(AR) rcs $@ $^

$(BUILD)/fuzz_%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(FARM) $(BASE)
	$(LINK) -fsanitize=fuzzer $(FARM_LIBS)

$(call o,tests/fuzz/fuzz_uri tests/fuzz/fuzz_bson): EXTRA_CFLAGS = $(MONGO_CFLAGS)
$(call o,tests/fuzz/fuzz_json): EXTRA_CFLAGS = $(JANSSON_CFLAGS)

.PHONY: fuzz fuzz-replay fuzz-programs
.SECONDARY: $(call o,$(addprefix tests/fuzz/fuzz_,$(FUZZ)))
