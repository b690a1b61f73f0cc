"""Recordings that sources claim, kept until they are verified."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0002_tag_is_demo"),
        ("listening", "0004_listentoken_latest_imports"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecordingHint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recording_mbid", models.UUIDField(verbose_name="MusicBrainz recording")),
                ("source", models.CharField(max_length=12)),
                (
                    "is_wrong",
                    models.BooleanField(default=False, help_text="Looked up: another title, another artist, or gone."),
                ),
                (
                    "track",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recording_hints",
                        to="catalog.track",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("track", "recording_mbid", "source"), name="recordinghint_once_per_source"
                    )
                ],
            },
        ),
    ]
