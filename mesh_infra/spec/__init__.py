"""From the YAML of a mesh repository to its models, or to everything that is wrong with it."""
