"""Copy the pinned front-end files from node_modules into static/vendor, and write their manifest.

Run by `npm run vendor`, only when a version in package.json changes; the copies are committed.
"""

import hashlib
import json
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NODE_MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
MANIFEST = VENDOR / "manifest.json"

# File in static/vendor -> npm package, path inside it.
FILES = {
    "bootstrap/bootstrap.min.css": ("bootstrap", "dist/css/bootstrap.min.css"),
    "bootstrap/LICENSE": ("bootstrap", "LICENSE"),
    "htmx/htmx.min.js": ("htmx.org", "dist/htmx.min.js"),
    "htmx/LICENSE": ("htmx.org", "LICENSE"),
    "plotly/plotly-basic.min.js": ("plotly.js-basic-dist-min", "plotly-basic.min.js"),
    "plotly/LICENSE": ("plotly.js-basic-dist-min", "LICENSE"),
    "tus/tus.min.js": ("tus-js-client", "dist/tus.min.js"),
    "tus/LICENSE": ("tus-js-client", "LICENSE"),
    "mediabunny/mediabunny.min.mjs": ("mediabunny", "dist/bundles/mediabunny.min.mjs"),
    "mediabunny/LICENSE": ("mediabunny", "LICENSE"),
    "archivo/archivo-latin.woff2": ("@fontsource-variable/archivo", "files/archivo-latin-wght-normal.woff2"),
    "archivo/archivo-latin-ext.woff2": ("@fontsource-variable/archivo", "files/archivo-latin-ext-wght-normal.woff2"),
    "archivo/LICENSE": ("@fontsource-variable/archivo", "LICENSE"),
}
SOURCE_MAPS = {".css": rb"\n/\*# sourceMappingURL=\S+ \*/\s*$", ".js": rb"\n//# sourceMappingURL=\S+\s*$"}


def vendored_bytes(source: Path) -> bytes:
    """The file without its source map comment: the map is not shipped, and hashed static files refuse a dead link."""
    data = source.read_bytes()
    comment = SOURCE_MAPS.get(source.suffix)
    return re.sub(comment, b"\n", data) if comment else data


def main() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    shutil.rmtree(VENDOR, ignore_errors=True)
    manifest = {}
    for name, (package, path) in FILES.items():
        data = vendored_bytes(NODE_MODULES / package / path)
        target = VENDOR / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        pinned = lock[f"node_modules/{package}"]
        manifest[name] = {
            "package": package,
            "version": pinned["version"],
            "integrity": pinned["integrity"],
            "sha256": hashlib.sha256(data).hexdigest(),
        }
    MANIFEST.write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main()
