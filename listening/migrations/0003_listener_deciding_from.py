"""How far a member's duplicates are told anew after the order of sources changed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listening", "0002_removedlisten_moved_to")]

    operations = [
        migrations.AddField(
            model_name="listener",
            name="deciding_from",
            field=models.DateTimeField(
                null=True,
                blank=True,
                help_text="From here on duplicates are yet to be told anew; empty: all are told.",
            ),
        ),
    ]
