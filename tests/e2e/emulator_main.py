"""Starts the emulator so that functions run in a bare interpreter, as on AWS: what a bundle lacks is then missed.

Run by the emulator's own interpreter; the emulator starts functions with `sys.executable`.
"""

import os
import sys

sys.executable = os.environ.pop("LAMBDA_PYTHON")

from ministack.app import main  # noqa: E402

main()
