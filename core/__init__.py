"""What every package stands on. Knows nothing of providers, activities or cases."""
