# SPDX-License-Identifier: GPL-2.0
"""Tests of what writes and checks the documentation.

python3 -m unittest discover -t . -s tests/docs
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
