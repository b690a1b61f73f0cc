"""How far a program says it has brought a history."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("listening", "0003_listener_deciding_from"),
    ]

    operations = [
        migrations.AddField(
            model_name="listentoken",
            name="latest_imports",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="By service: up to which second a program says it has brought its listens.",
            ),
        ),
    ]
