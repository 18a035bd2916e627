"""The local AWS: a mesh on a laptop, with the real Pulumi CLI."""
