# report-worker. "make demo" and "make check" are the two commands; see README.
#
# Each tool has one link line below: it names every object that the tool is
# made of, and so draws the architecture. tools -> work -> wire -> base.
# EXTRA_CFLAGS beside it names the objects that see foreign headers.

include config.mk

all: tools

o = $(addprefix $(BUILD)/obj/,$(addsuffix .o,$(1)))
LINK = $(CC) $(RW_LDFLAGS) -o $@ $(filter %.o %.a,$^)

# ---- what tools are made of ---------------------------------------------

# libc only; every tool links what it uses of it.
BASE = $(BUILD)/obj/base.a
BASE_OBJECTS = $(call o,$(patsubst %.c,%,$(wildcard lib/base/*.c)))

RECORD = lib/work/record lib/wire/jsonl lib/wire/jsonl_reader
FILTER = tools/filter tools/cli lib/wire/config $(RECORD)

# ---- foundation ---------------------------------------------------------

UNIT += test_base test_jsonl test_record

$(BUILD)/test_base: $(call o,tests/unit/test_base) $(BASE)
	$(LINK)

$(BUILD)/test_jsonl: $(call o,tests/unit/test_jsonl lib/wire/jsonl lib/wire/jsonl_reader) $(BASE)
	$(LINK) $(JANSSON_LIBS)

$(call o,tests/unit/test_jsonl): EXTRA_CFLAGS = $(JANSSON_CFLAGS)

$(BUILD)/test_record: $(call o,tests/unit/test_record $(RECORD)) $(BASE)
	$(LINK)

# ---- statement: rw-gen --------------------------------------------------

# ---- store: rw-put, rw-presign, rw-verify, rw-bucket --------------------

UNIT += test_digest

$(BUILD)/test_digest: $(call o,tests/unit/test_digest lib/wire/digest) $(BASE)
	$(LINK) $(CRYPTO_LIBS)

# ---- ledger: rw-record, rw-status, rw-list, rw-secrets ------------------

# ---- mail: rw-mail ------------------------------------------------------

# ---- how objects are made -----------------------------------------------

$(BASE): $(BASE_OBJECTS)
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/obj/%.o: %.c config.mk
	@mkdir -p $(@D)
	$(CC) $(RW_CPPFLAGS) $(RW_CFLAGS) $(EXTRA_CFLAGS) -MMD -MP -c -o $@ $<

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

# ---- checks -------------------------------------------------------------

tools: $(addprefix $(BUILD)/,$(TOOLS))

# Until every part has landed: only the tests whose source is there.
UNIT := $(patsubst tests/unit/%.c,%,$(wildcard $(UNIT:%=tests/unit/%.c)))

unit-programs: $(addprefix $(BUILD)/,$(UNIT))

unit: unit-programs
	@for t in $(UNIT); do \
		$(BUILD)/$$t >$(BUILD)/$$t.tap || { cat $(BUILD)/$$t.tap; \
		echo "$$t failed"; exit 1; }; done

clean:
	rm -rf $(BUILD)

.PHONY: all tools unit unit-programs clean
.DELETE_ON_ERROR:
