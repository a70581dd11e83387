"""What was seen since: futures weighed by dated observations, and branched where few are left."""
