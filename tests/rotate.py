"""A stage that mixes lines up: rotate.py MEMBER...

Each line gets the members of the next one, the last one those of the first.
"""

import json
import sys

records = [json.loads(line) for line in sys.stdin]
for name in sys.argv[1:]:
    values = [record.pop(name, None) for record in records]
    for record, value in zip(records, values[1:] + values[:1]):
        if value is not None:
            record[name] = value
for record in records:
    print(json.dumps(record, separators=(",", ":"), ensure_ascii=False))
