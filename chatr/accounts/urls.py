"""Our own pages under /accounts/, and those of allauth's that do a little more here, under allauth's own names."""

from django.urls import include, path

from .views import joining, me, second_factor, steps, work

ours = [
    path("", me.Index.as_view(), name="index"),
    path("me/", me.MyAccount.as_view(), name="my-account"),
    path("me/name/", me.ChangeName.as_view(), name="change-name"),
    path("me/data/", me.DownloadMyData.as_view(), name="download-my-data"),
    path("me/erasure/", me.AskForErasure.as_view(), name="erasure"),
    path("organisation/", work.WhereYouWork.as_view(), name="where-you-work"),
    path("organisation/new/", work.RequestOrganisation.as_view(), name="request-organisation"),
    path("memberships/<uuid:pk>/", work.ChangeJob.as_view(), name="change-job"),
    path("memberships/<uuid:pk>/choose/", work.ChooseMembership.as_view(), name="choose-membership"),
    path("memberships/<uuid:pk>/leave/", work.LeaveOrganisation.as_view(), name="leave-organisation"),
    path("second-step/", second_factor.SecondFactor.as_view(), name="second-factor"),
    path("confirm-it-is-you/", steps.ConfirmItIsYou.as_view(), name="confirm-it-is-you"),
    path("continue/", joining.Continue.as_view(), name="continue"),
    path("invitation/<str:token>/", joining.AcceptInvitation.as_view(), name="accept-invitation"),
]

urlpatterns = [
    path("", include((ours, "accounts"))),
    path("login/code/confirm/", joining.ConfirmLoginCode.as_view(), name="account_confirm_login_code"),
    path("email/", me.ChangeEmail.as_view(), name="account_email"),
    path("password/set/", me.SetPassword.as_view(), name="account_set_password"),
    path("2fa/totp/activate/", second_factor.SetUpApp.as_view(), name="mfa_activate_totp"),
    path("2fa/webauthn/add/", second_factor.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", second_factor.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("2fa/recovery-codes/", second_factor.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
]
