# SPDX-License-Identifier: GPL-2.0
"""Tests that need NumPy, SciPy and a browser: scripts/test-measurement runs them."""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
