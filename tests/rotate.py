"""A stage that mixes lines up: rotate.py MEMBER...

Each line gets the values of the next one, the last one those of the first. All
else stays, byte for byte.
"""

import re
import sys

VALUE = r'("(?:[^"\\]|\\.)*"|\{[^{}]*\}|[^,{}"]+)'

lines = sys.stdin.read().splitlines()
for name in sys.argv[1:]:
    member = re.compile(f'("{name}": ?){VALUE}')
    found = [member.search(line) for line in lines]
    if all(found):
        values = [match.group(2) for match in found]
        lines = [line[:match.start(2)] + value + line[match.end(2):]
                 for line, match, value in zip(lines, found,
                                               values[1:] + values[:1])]
for line in lines:
    print(line)
