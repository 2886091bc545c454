from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("processing", "0002_corrections_and_marks")]

    operations = [
        migrations.AddField(
            model_name="job",
            name="lane",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "somebody waits for it"), (1, "in bulk, when nobody waits")], default=0
            ),
        ),
        migrations.AlterField(
            model_name="job",
            name="kind",
            field=models.CharField(
                choices=[
                    ("analyse", "analyse"),
                    ("recompute", "compute again"),
                    ("renew", "analyse with the newest version"),
                ],
                default="analyse",
                max_length=10,
            ),
        ),
    ]
