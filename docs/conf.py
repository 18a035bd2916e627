"""How the documentation is built: `make docs`."""

from __future__ import annotations

from mesh_infra.version import __version__

project = "mesh-infra"
release = version = __version__
copyright = "the mesh-infra authors"  # noqa: A001 - the name that Sphinx gives it

extensions = ["myst_parser"]
html_theme = "furo"
html_title = "mesh-infra"
html_copy_source = False

# Links to headings of other pages are checked as links to pages are.
nitpicky = True
myst_heading_anchors = 4
