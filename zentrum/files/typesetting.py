"""Run as `python typesetting.py TEMPLATE FOLDER`: takes the data, gives the PDF.

Knows nothing of Django, so that it starts within a blink.
"""

import sys
from typing import Any

import typst

if __name__ == "__main__":
    template, folder = sys.argv[1:]
    try:
        made: Any = typst.Compiler(template, root=folder).compile(
            format="pdf",
            sys_inputs={"data": sys.stdin.buffer.read().decode()},
            pdf_standards=["a-2a", "ua-1"],
        )
    except typst.TypstError as error:
        sys.exit(str(error))
    sys.stdout.buffer.write(made)
