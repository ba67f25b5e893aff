# SPDX-License-Identifier: GPL-2.0
"""How Sphinx builds these pages: scripts/docs."""

import re
from pathlib import Path

root = Path(__file__).resolve().parent.parent
version_line = re.search(r'VERSION: &str = "(.+)"', (root / "rust_memalloc.rs").read_text())
assert version_line, "rust_memalloc.rs says no version"

project = "rust_memalloc"
author = "the rust_memalloc authors"
project_copyright = author
version = release = version_line[1]

# Every cross-reference has to lead somewhere.
nitpicky = True
# Man pages, made by scripts/docs.
html_extra_path = ["../build/documentation/extra"]

# Outputs are no language, and neither is what is in double backquotes.
highlight_language = "text"
pygments_style = "default"

html_theme = "alabaster"
html_title = f"rust_memalloc {version}"
html_static_path = ["static"]
html_css_files = ["pages.css"]
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_show_sourcelink = False
html_sidebars = {"**": ["about.html", "searchbox.html", "navigation.html"]}
html_theme_options = {
    "description": "An allocation laboratory for the Linux kernel, and the library under it",
    "fixed_sidebar": True,
    "page_width": "1280px",
    "sidebar_width": "250px",
    "show_relbars": True,
    "show_powered_by": False,
    "font_family": "'DejaVu Sans', 'Helvetica Neue', Arial, sans-serif",
    "head_font_family": "'DejaVu Sans', 'Helvetica Neue', Arial, sans-serif",
    "code_font_family": "'DejaVu Sans Mono', Consolas, Menlo, monospace",
}
