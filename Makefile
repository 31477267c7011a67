# report-worker. "make demo" and "make check" are the two commands; see README.
#
# Each tool has one link line below: it names every object that the tool is
# made of, and so draws the architecture. tools -> work -> wire -> base.

include config.mk

TOOLS =
UNIT = test_base test_jsonl test_record

o = $(addprefix $(BUILD)/obj/,$(addsuffix .o,$(1)))
LINK = $(CC) $(RW_LDFLAGS) -o $@ $(filter %.o %.a,$^)

all: $(addprefix $(BUILD)/,$(TOOLS))

# ---- what tools are made of ---------------------------------------------

# libc only; every tool links what it uses of it.
BASE = $(BUILD)/obj/base.a
BASE_OBJECTS = $(call o,$(patsubst %.c,%,$(wildcard lib/base/*.c)))

RECORD = lib/work/record lib/wire/jsonl
FILTER = tools/filter tools/cli lib/wire/config $(RECORD)

# ---- tools --------------------------------------------------------------

# ---- unit tests ---------------------------------------------------------

$(BUILD)/test_base: $(call o,tests/unit/test_base) $(BASE)
	$(LINK)

$(BUILD)/test_jsonl: $(call o,tests/unit/test_jsonl lib/wire/jsonl) $(BASE)
	$(LINK) $(JANSSON_LIBS)

$(BUILD)/test_record: $(call o,tests/unit/test_record $(RECORD)) $(BASE)
	$(LINK)

# ---- how objects are made -----------------------------------------------

$(BASE): $(BASE_OBJECTS)
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/obj/%.o: %.c config.mk
	@mkdir -p $(@D)
	$(CC) $(RW_CPPFLAGS) $(RW_CFLAGS) $(EXTRA_CFLAGS) -MMD -MP -c -o $@ $<

# Which object sees which foreign headers; no other does.
$(call o,tests/unit/test_jsonl): EXTRA_CFLAGS = $(JANSSON_CFLAGS)

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

# ---- checks -------------------------------------------------------------

unit-programs: $(addprefix $(BUILD)/,$(UNIT))

unit: unit-programs
	@for t in $(UNIT); do \
		$(BUILD)/$$t >$(BUILD)/$$t.tap || { cat $(BUILD)/$$t.tap; \
		echo "$$t failed"; exit 1; }; done

clean:
	rm -rf $(BUILD)

.PHONY: all unit unit-programs clean
.DELETE_ON_ERROR:
