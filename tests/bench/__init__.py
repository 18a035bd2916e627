"""How fast it is: ratios against a baseline that runs in the same minute, since machines differ. `make bench`."""
