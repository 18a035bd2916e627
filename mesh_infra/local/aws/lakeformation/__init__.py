"""Lake Formation as AWS describes it: grants, data cells filters, registrations and settings."""
