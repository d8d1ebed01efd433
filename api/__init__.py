"""The open interface for programs, under `/api/v1`: reading the catalogue (`docs/api.md`). It decides nothing."""
