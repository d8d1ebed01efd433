"""Activities, their versions, and what registers granted them. Knows no case and no committee."""
