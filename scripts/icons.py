"""Build `sferum_admin/static/icons.svg` from an unpacked `@tabler/icons` package.

    python scripts/icons.py PATH/TO/package/icons/outline [name …]

Keeps the icons the sprite already has and adds the names given, so that adding one icon is one command.
"""

import re
import sys
from pathlib import Path

SPRITE = Path(__file__).resolve().parent.parent / "sferum_admin" / "static" / "icons.svg"
_STROKE = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'


def known_names() -> set[str]:
    """Return the names of the icons in the sprite."""
    return set(re.findall(r'<symbol id="([a-z0-9-]+)"', SPRITE.read_text())) if SPRITE.exists() else set()


def symbol(source: Path) -> str:
    """Return one `<symbol>` with the drawing of the SVG file `source`, without its transparent frame."""
    body = source.read_text().split(">", 1)[1].rsplit("</svg>", 1)[0]
    body = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "", body)
    drawing = re.sub(r">\s+<", "><", body).strip()
    return f'<symbol id="{source.stem}" viewBox="0 0 24 24" {_STROKE}>{drawing}</symbol>'


def build(folder: Path, names: set[str]) -> str:
    """Return the sprite with the icons `names` of `folder`; a missing one raises `FileNotFoundError`."""
    symbols = "\n".join(symbol(folder / f"{name}.svg") for name in sorted(names))
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    SPRITE.write_text(build(Path(sys.argv[1]), known_names() | set(sys.argv[2:])))
