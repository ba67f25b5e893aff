# SPDX-License-Identifier: GPL-2.0
"""Measures malloc in a process of its own, and prints JSON Lines."""

import json
import sys

from .scenario import RefusedError, parameters, records

try:
    wanted = parameters(sys.argv[1:])
except RefusedError as error:
    sys.exit(str(error))
for record in records(wanted):
    print(json.dumps(record), flush=True)
