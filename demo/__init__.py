"""For trying the register out: people, data and a sign-in provider. Never exists in production."""
