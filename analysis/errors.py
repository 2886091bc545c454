"""The one exception of the library."""

# Codes that say: this installation cannot analyse, whatever the clip.
INSTALLATION = frozenset({"model_missing", "model_build", "no_egl", "no_mediapipe", "no_sys"})


class AnalysisError(Exception):
    """A clip that cannot be analysed, or an installation that cannot analyse.

    Parameters
    ----------
    code
        Short machine word, for ever the same (``unreadable``, ``no_person``, ``model_missing`` ...).
    user_text
        Plain text for the runner: what happened, what it means, what to do.
    """

    def __init__(self, code: str, user_text: str) -> None:
        super().__init__(user_text)
        self.code = code
        self.user_text = user_text
