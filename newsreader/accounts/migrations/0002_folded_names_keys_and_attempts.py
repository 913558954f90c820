from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import newsreader.accounts.models
import newsreader.accounts.names


def fold_names(apps: Any, schema_editor: Any) -> None:
    for user in apps.get_model("accounts", "User").objects.only("username"):
        user.save(update_fields=["folded"])  # the field computes itself


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.AlterModelManagers(
            name='user',
            managers=[
                ('objects', newsreader.accounts.models.Users()),
            ],
        ),
        migrations.AddField(
            model_name='user',
            name='folded',
            field=newsreader.accounts.names.FoldedField(editable=False, max_length=500, null=True),
        ),
        migrations.RunPython(fold_names, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name='user',
            name='folded',
            field=newsreader.accounts.names.FoldedField(editable=False, max_length=500, unique=True),
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bucket', models.CharField(max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
            ],
            options={
                'indexes': [models.Index(fields=['bucket', '-at'], name='attempt_newest')],
            },
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64)),
                ('made', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='claim_is_one')],
            },
        ),
        migrations.CreateModel(
            name='PasswordLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('made', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='password_links', to=settings.AUTH_USER_MODEL)),
            ],
        ),
    ]
