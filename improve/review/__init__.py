"""Finished cycles, read by leaders and by everyone else."""
