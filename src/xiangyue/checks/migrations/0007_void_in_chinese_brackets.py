from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('checks', '0006_voices_of_opinions'),
    ]

    operations = [
        migrations.AlterField(
            model_name='check',
            name='state',
            field=models.SmallIntegerField(choices=[(1, '计入'), (2, '已被同日后一次替代'), (3, '作废（无适用项）'), (4, '迟到，未计入已关账月份'), (5, '待人工核对'), (6, '已撤回')], default=1, verbose_name='状态'),
        ),
    ]
