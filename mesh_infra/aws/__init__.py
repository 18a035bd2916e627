"""What AWS takes and how it judges: pure data and functions, no AWS calls."""
