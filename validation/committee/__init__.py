"""The people of the committee: who they are, what they may not see, and who takes which case on."""
