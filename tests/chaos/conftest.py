# SPDX-License-Identifier: Apache-2.0
"""What the files here are made of lies in the folders beside."""
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "postgresql"))
