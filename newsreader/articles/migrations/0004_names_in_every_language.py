"""The desk names things in its reader’s language; nothing in the database changes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0003_last_read'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='article',
            options={'ordering': ('-dated', '-id'), 'verbose_name': 'article', 'verbose_name_plural': 'articles'},
        ),
        migrations.AlterModelOptions(
            name='collection',
            options={'ordering': ('name',), 'verbose_name': 'collection', 'verbose_name_plural': 'collections'},
        ),
        migrations.AlterModelOptions(
            name='collectionitem',
            options={'ordering': ('position', 'id'), 'verbose_name': 'place in a collection', 'verbose_name_plural': 'places in a collection'},
        ),
        migrations.AlterModelOptions(
            name='revision',
            options={'ordering': ('article', '-number'), 'verbose_name': 'revision', 'verbose_name_plural': 'revisions'},
        ),
        migrations.AlterModelOptions(
            name='source',
            options={'ordering': ('name',), 'verbose_name': 'source', 'verbose_name_plural': 'sources'},
        ),
        migrations.AlterModelOptions(
            name='topic',
            options={'ordering': ('name',), 'verbose_name': 'topic', 'verbose_name_plural': 'topics'},
        ),
        migrations.AlterField(
            model_name='article',
            name='byline',
            field=models.CharField(blank=True, max_length=300, verbose_name='byline'),
        ),
        migrations.AlterField(
            model_name='article',
            name='language',
            field=models.CharField(blank=True, help_text='As in “en” or “pt-BR”. Empty if unknown.', max_length=35, verbose_name='language'),
        ),
        migrations.AlterField(
            model_name='article',
            name='published',
            field=models.DateTimeField(blank=True, help_text='When its source published it.', null=True, verbose_name='published'),
        ),
        migrations.AlterField(
            model_name='article',
            name='slug',
            field=models.SlugField(allow_unicode=True, max_length=120, unique=True, verbose_name='slug'),
        ),
        migrations.AlterField(
            model_name='article',
            name='sources',
            field=models.ManyToManyField(blank=True, related_name='articles', to='articles.source', verbose_name='sources'),
        ),
        migrations.AlterField(
            model_name='article',
            name='standfirst',
            field=models.TextField(blank=True, verbose_name='standfirst'),
        ),
        migrations.AlterField(
            model_name='article',
            name='state',
            field=models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('withdrawn', 'Withdrawn')], default='draft', max_length=9, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='article',
            name='title',
            field=models.CharField(max_length=500, verbose_name='title'),
        ),
        migrations.AlterField(
            model_name='article',
            name='topics',
            field=models.ManyToManyField(blank=True, related_name='articles', to='articles.topic', verbose_name='topics'),
        ),
        migrations.AlterField(
            model_name='article',
            name='words',
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name='words'),
        ),
        migrations.AlterField(
            model_name='collection',
            name='articles',
            field=models.ManyToManyField(related_name='collections', through='articles.CollectionItem', to='articles.article', verbose_name='articles'),
        ),
        migrations.AlterField(
            model_name='collection',
            name='introduction',
            field=models.TextField(blank=True, verbose_name='introduction'),
        ),
        migrations.AlterField(
            model_name='collection',
            name='name',
            field=models.CharField(max_length=200, unique=True, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='collection',
            name='slug',
            field=models.SlugField(allow_unicode=True, max_length=80, unique=True, verbose_name='slug'),
        ),
        migrations.AlterField(
            model_name='collectionitem',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='articles.article', verbose_name='article'),
        ),
        migrations.AlterField(
            model_name='collectionitem',
            name='position',
            field=models.PositiveIntegerField(default=0, verbose_name='position'),
        ),
        migrations.AlterField(
            model_name='source',
            name='name',
            field=models.CharField(max_length=200, unique=True, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='source',
            name='slug',
            field=models.SlugField(allow_unicode=True, max_length=80, unique=True, verbose_name='slug'),
        ),
        migrations.AlterField(
            model_name='topic',
            name='name',
            field=models.CharField(max_length=100, unique=True, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='topic',
            name='slug',
            field=models.SlugField(allow_unicode=True, max_length=80, unique=True, verbose_name='slug'),
        ),
    ]
