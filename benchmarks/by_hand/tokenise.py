"""The ceiling of a summary: read every body and count its words, with the standard library.

The second argument is what the bodies are read with.
"""

import re
import sqlite3
import sys
from collections import Counter

counts = Counter()
for (text,) in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]):
    counts.update(re.findall(r"\w+", text.lower()))
print(counts.most_common(50))
