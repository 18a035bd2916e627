"""Writing the files of a mesh: new ones, and access in existing contracts."""
