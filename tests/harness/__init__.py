# SPDX-License-Identifier: GPL-2.0
"""Tests of the harness that need no virtual machine.

python3 -m unittest discover -t . -s tests/harness
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))
