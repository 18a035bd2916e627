"""Every name, column list, policy and grant of an environment, worked out once."""
