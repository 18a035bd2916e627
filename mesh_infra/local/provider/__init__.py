"""The local provider: what the real Pulumi engine talks to in place of pulumi-aws, against a local AWS.

It speaks to a loopback address alone and is as strict as pulumi-aws 7.51.1: what that refuses, it refuses, and what
that does not put out, it does not put out. Run as ``python -m mesh_infra.local.provider ENGINE_ADDRESS``.
"""
