"""Who reads what, and copies. An address holds ids and kinds of things, never whom or what a copy is about."""

from django.urls import path

from ..views import clearing, copies

_HERE = "<uuid:conference_id>/copies/"
_READER = f"{_HERE}for/<uuid:person_id>/"
_COPY = f"{_HERE}<uuid:copy_id>/"

urlpatterns = [
    path(_HERE, copies.Copies.as_view(), name="copies"),
    path(f"{_HERE}who-reads-what/", clearing.WhoReadsWhat.as_view(), name="who-reads-what"),
    path(_READER, clearing.ClearFor.as_view(), name="clear-for"),
    path(f"{_READER}shared/", clearing.ClearShared.as_view(), name="clear-shared"),
    path(f"{_READER}prepare/", copies.PrepareCopy.as_view(), name="prepare-copy"),
    path(f"{_READER}<slug:kind>/<uuid:item_id>/", clearing.DecideItem.as_view(), name="decide-item"),
    path(f"{_HERE}withheld/<uuid:withholding_id>/", clearing.SecondWithholding.as_view(), name="second-withholding"),
    path(_COPY, copies.ShowCopy.as_view(), name="copy"),
    path(f"{_COPY}preview/", copies.PreviewCopy.as_view(), name="preview-copy"),
    path(f"{_COPY}file/", copies.CopyFile.as_view(), name="copy-file"),
    path(f"{_COPY}give-out/", copies.IssueCopy.as_view(), name="issue-copy"),
    path(f"{_COPY}take-back/", copies.WithdrawCopy.as_view(), name="withdraw-copy"),
    path("copies/", copies.MyCopies.as_view(), name="my-copies"),
    path("copies/<uuid:copy_id>/", copies.ReadCopy.as_view(), name="read-copy"),
    path("copies/<uuid:copy_id>/file/", copies.ReadCopyFile.as_view(), name="read-copy-file"),
]
