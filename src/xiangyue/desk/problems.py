"""What can be wrong with a whole file, before any of its rows is looked at."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiangyue.base.problems import problem_kind

FILE_MISSING = problem_kind("file_missing", _("没有收到文件。"), _("请先选一个 .xlsx 或 .csv 文件，再按“上传并检查”。"))
FILE_EMPTY = problem_kind("file_empty", _("这个文件是空的。"), _("请打开看看是不是存错了文件，再重新上传。"))
FILE_TOO_BIG = problem_kind(
    "file_too_big",
    _("文件有 {size} MB，最大 {most} MB。"),
    _("请删掉图片和不用的工作表，或按乡镇拆成几个文件分别导入。"),
    413,
)
FILE_OLD = problem_kind(
    "file_old",
    _("这是旧格式的 .xls（或 .et），或者是加了密码的工作簿。"),
    _("请用 Excel 或 WPS 打开，去掉密码，选“另存为 → Excel 工作簿（.xlsx）”，再上传新存的文件。"),
)
FILE_UNKNOWN = problem_kind(
    "file_unknown",
    _("这不是 Excel 工作簿（.xlsx），也不是 CSV 表格。"),
    _("请下载本页的模板，把数据粘贴进去再上传。"),
)
FILE_BROKEN = problem_kind(
    "file_broken", _("这个工作簿打不开，文件可能没有传完整。"), _("请在电脑上打开它，另存一份 .xlsx 再上传。")
)
FILE_BOMB = problem_kind(
    "file_bomb",
    _("这个工作簿解开后太大（超过 {most} MB），不像一张登记表。"),
    _("请把数据复制到本页的模板里再上传。"),
)
FILE_FAR = problem_kind(
    "file_far",
    _("工作表在 {cell} 这样远的地方还有内容，不像一张登记表。"),
    _("请选中数据以外的行和列，整行整列删除，保存后再上传。"),
)
CSV_CODING = problem_kind(
    "csv_coding",
    _("这个 CSV 文件的文字编码认不出来。"),
    _("请用 Excel 打开，另存为“CSV UTF-8”或 .xlsx 再上传。"),
)
SHEET_NOT_FOUND = problem_kind(
    "sheet_not_found",
    _("没有找到“{title}”的表头。文件里的工作表是：{sheets}。"),
    _("表头那一行应有这些列：{headings}。请核对是否选错了文件或工作表，或下载模板。"),
)
COLUMNS_MISSING = problem_kind(
    "columns_missing",
    _("工作表“{sheet}”第 {row} 行是表头，但缺少这些必填列：{missing}。"),
    _("请补上这些列（列名要与模板一致），再上传。"),
)
COLUMN_TWICE = problem_kind(
    "column_twice",
    _("工作表“{sheet}”里有两列都叫“{heading}”（第 {first} 列和第 {second} 列）。"),
    _("请删掉或改名其中一列，再上传。"),
)
NO_ROWS = problem_kind("no_rows", _("工作表“{sheet}”的表头下面没有数据。"), _("请从表头下一行开始填写，保存后再上传。"))
TOO_MANY_ROWS = problem_kind(
    "too_many_rows", _("表里有 {rows} 行，一次最多 {most} 行。"), _("请按乡镇拆成几个文件，分别导入。")
)
FILE_GONE = problem_kind("file_gone", _("上传的文件已经清除（只保留 {days} 天）。"), _("请重新上传。"), 410)
CHANGED_SINCE = problem_kind(
    "changed_since",
    _("检查之后又有变动：现在有 {bad} 行不能导入，所以一行也没有写入。"),
    _("请看新的检查结果，改好后再导入。"),
)
NOT_READY = problem_kind("import_not_ready", _("这次导入现在不能执行。"), _("请回到导入页面，看它进行到哪一步。"), 409)
EXPORT_TOO_BIG = problem_kind(
    "export_too_big",
    _("一共 {n} 行，一次最多导出 {most} 行，没有导出。"),
    _("请先在列表上筛选（例如只选一个乡镇、一段日期），再分几次导出。"),
    413,
)
