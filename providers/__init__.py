"""The organisations that offer training: who they are, what they declared, whether they are admitted."""
