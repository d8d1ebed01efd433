"""Sign-in for three audiences with OpenID Connect, and the sessions that follow. Knows no provider and no member."""
