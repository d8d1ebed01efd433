"""Letters by e-mail: what they look like and how they leave. What they say is decided by the packages above."""
