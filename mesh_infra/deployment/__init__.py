"""Several stacks of one environment at once: which, in which order, side by side through Pulumi's Automation API."""
