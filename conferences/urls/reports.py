"""Addresses of agency reports: asking for them, reading them, and the contributor's own pages."""

from django.urls import path

from ..views import my_reports, reports

urlpatterns = [
    path("reports/", my_reports.MyReports.as_view(), name="my-reports"),
    path("reports/<uuid:report_id>/", my_reports.FileReport.as_view(), name="file-report"),
    path("reports/<uuid:report_id>/check/", my_reports.CheckReport.as_view(), name="check-report"),
    path("<uuid:conference_id>/reports/", reports.Reports.as_view(), name="reports"),
    path("<uuid:conference_id>/reports/pack/", reports.ReportPack.as_view(), name="report-pack"),
    path("<uuid:conference_id>/reports/pack/reports.pdf", reports.ReportPackFile.as_view(), name="report-pack-file"),
    path("<uuid:conference_id>/reports/ask/<uuid:person_id>/", reports.AskForReport.as_view(), name="ask-for-report"),
    path("<uuid:conference_id>/reports/paper/<uuid:person_id>/", reports.TypeInReport.as_view(), name="paper-report"),
    path("<uuid:conference_id>/reports/<uuid:report_id>/", reports.ReadReport.as_view(), name="report"),
    path("<uuid:conference_id>/reports/<uuid:report_id>/again/", reports.SendAgain.as_view(), name="ask-again"),
    path(
        "<uuid:conference_id>/reports/<uuid:report_id>/withdraw/",
        reports.WithdrawReport.as_view(),
        name="withdraw-report",
    ),
]
