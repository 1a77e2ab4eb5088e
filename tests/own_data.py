"""A data folder of the tests' own, chosen before the settings are read: nobody's ./data is read or written."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

FOLDER = tempfile.mkdtemp(prefix="xiangyue-tests-")
os.environ["XIANGYUE_DATA"] = FOLDER
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
