"""From the manifest to Pulumi: resources as values, and their registration with the engine."""
