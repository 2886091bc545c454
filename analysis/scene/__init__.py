"""What the pixels say of the filming, apart from the runner."""

from analysis.scene.watch import SceneWatch

__all__ = ["SceneWatch"]
