"""The addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from xiangyue.papers.views import opinions, printing, register, typing

app_name = "papers"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", register.sheets, name="sheets"),
    path("print/", printing.choose, name="print"),
    path("prints/", printing.prints, name="prints"),
    path("<str:number>/", typing.type_sheet, name="type"),
    path("<str:number>/opinions/", opinions.opinions, name="opinions"),
    path("<str:number>/workbook/", typing.workbook, name="workbook"),
    path("<str:number>/upload/", typing.upload, name="upload"),
    path("<str:number>/undo/", typing.undo, name="undo"),
    path("<str:number>/cancel/", register.cancel, name="cancel"),
]
