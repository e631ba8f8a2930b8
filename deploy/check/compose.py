"""Reads a compose file as the Compose specification has it: python compose.py FILE."""

import sys
from pathlib import Path

from compose_spec import PyOptions

# Unknown fields, wrong types, and names of volumes and networks that are nowhere defined are refused.
PyOptions(apply_merge=True).from_yaml(Path(sys.argv[1]).read_text()).validate()
