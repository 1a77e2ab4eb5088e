from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('checks', '0004_names_of_texts'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='checknote',
            options={'verbose_name': '检查备注', 'verbose_name_plural': '检查备注'},
        ),
    ]
