"""Clips with known 3D truth: rendered runners of several bodies, filmed from several places (README.md)."""
