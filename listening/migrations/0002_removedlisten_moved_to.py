"""Where a play went whose time its member put right, so that it can be put back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listening", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="removedlisten",
            name="moved_to",
            field=models.DateTimeField(null=True, blank=True, help_text="When it was played, as its member says."),
        ),
    ]
