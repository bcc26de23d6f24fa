"""``python3 script/supervisor run …``: one of the commands beside this module, by name."""

import sys
from importlib import import_module
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

if __name__ == "__main__":
    from supervisor import messages

    sys.exit(messages.plainly(import_module(f"supervisor.{sys.argv[1]}").main, sys.argv[2:]))
