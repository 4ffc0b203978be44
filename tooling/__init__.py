"""What `make` runs. Standard library only: most of it runs before any environment exists."""
