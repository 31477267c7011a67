# make analyze: three static analyzers over lib and tools, file by file. What they
# find is fixed, or explained in tests/analyze.known, in .clang-tidy, or beside
# the line (NOLINT).

ANALYZED = $(patsubst %.c,$(BUILD)/analyze/%.txt,$(wildcard lib/*/*.c tools/*.c))

analyze:
	$(MAKE_ALL) $(ANALYZED)
	sh tests/analyze $(ANALYZED)

# All foreign headers, since any file may be the one that sees them.
ANALYZE_FLAGS = -std=c17 $(RW_CPPFLAGS) $(foreach v,$(filter-out RW_CFLAGS \
	EXTRA_CFLAGS,$(filter %_CFLAGS,$(.VARIABLES))),$($(v)))
# What the functions of err.h return; not before their own definitions.
ANALYZE_WITH = $(if $(filter lib/base/err.c,$<),,-include tests/analyze.h)

$(BUILD)/analyze/%.txt: %.c .clang-tidy tests/analyze.h
	@mkdir -p $(@D)
	$(call tell,SCAN)(clang --analyze --analyzer-output text $(ANALYZE_FLAGS) \
		$(ANALYZE_WITH) $< -o /dev/null && \
		gcc -fanalyzer -O1 -c $(ANALYZE_FLAGS) $(ANALYZE_WITH) $< \
		-o /dev/null && \
		clang-tidy --quiet $< -- $(ANALYZE_FLAGS) $(ANALYZE_WITH)) \
		>$@ 2>&1 || { cat $@; exit 1; }

.PHONY: analyze
