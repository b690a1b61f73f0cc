from django.apps import AppConfig


class ListeningConfig(AppConfig):
    name = "listening"

    def ready(self) -> None:
        """What other apps' pages and jobs show of listening; each part names its own fillers."""
