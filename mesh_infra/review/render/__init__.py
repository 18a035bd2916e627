"""A review as text: siblings that each take the value and return what somebody reads, or something."""
