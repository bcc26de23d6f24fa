"""Forms about a person and where they work, and allauth's own in our words."""

from allauth.account import forms as account
from allauth.account.internal.flows.email_verification import verify_email_indirectly
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.base import forms as second_step
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction

from chatr.web.forms import PortalForm

from .models import Borough, Membership, Organisation, Sector, User
from .operations.memberships import Job

NEW_PASSWORD = "At least 10 characters. Three words that do not belong together work well."
NO_PASSWORD = f"{NEW_PASSWORD} Leave it empty if you would rather have a code e-mailed to you each time you sign in."

# allauth's forms, in our words. Settings name these classes (ACCOUNT_FORMS, MFA_FORMS).

LABELS = {
    "login": "E-mail address",
    "email": "E-mail address",
    "password": "Password",
    "oldpassword": "The password you have now",
    "password1": "New password",
    "password2": "New password again",
    "code": "Code",
}


class PlainWords:
    """Our labels, no placeholder text in boxes, and no browser bubbles."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            if name == "password1":
                field.help_text = NEW_PASSWORD


class LoginForm(PlainWords, account.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""  # the page itself leads to the ways in without one


class SignUpForm(PlainWords, account.SignupForm):
    """Name, e-mail address and, if wanted, a password."""

    name = forms.CharField(
        label="Your name",
        max_length=200,
        help_text="As you write it. It is on your certificates, and trainers see it.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "email", "password1"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Work e-mail address"
        self.fields["email"].help_text = "We send a link to it, and use it to find where you work."
        self.fields["password1"].label = "Password (optional)"
        self.fields["password1"].help_text = NO_PASSWORD

    def try_save(self, request):
        """The new person and no answer yet; or nobody, and the answer an existing address gets."""
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:  # the same address signed up in this very moment
            self.account_already_exists = True
            return super().try_save(request)


class AddEmailForm(PlainWords, account.AddEmailForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "New e-mail address"


class ChangePasswordForm(PlainWords, account.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""


class SetPasswordForm(PlainWords, account.SetPasswordForm):
    pass


class ResetPasswordForm(PlainWords, account.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(PlainWords, account.ResetPasswordKeyForm):
    def save(self):
        """Set the password. Whoever followed the mailed link has shown the mailbox is theirs."""
        super().save()
        if EmailAddress.objects.filter(user=self.user).count() == 1:
            verify_email_indirectly(context.request, self.user, self.user.email)


class ReauthenticateForm(PlainWords, account.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class RequestLoginCodeForm(PlainWords, account.RequestLoginCodeForm):
    pass


class ConfirmLoginCodeForm(PlainWords, account.ConfirmLoginCodeForm):
    pass


class SecondStepForm(PlainWords, second_step.AuthenticateForm):
    pass


class SecondStepAgainForm(PlainWords, second_step.ReauthenticateForm):
    pass


class ActivateTOTPForm(PlainWords, totp.ActivateTOTPForm):
    pass


class AddPasskeyForm(PlainWords, passkeys.AddWebAuthnForm):
    pass


class EditPasskeyForm(PlainWords, passkeys.EditWebAuthnForm):
    pass


# Ours


class NameForm(PortalForm):
    submit_label = "Save"

    name = forms.CharField(
        label="Your name",
        max_length=200,
        help_text="As you write it. It is on your certificates, and trainers see it.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class InvitationForm(NameForm):
    """What an invited person adds: their name as they write it, and a password if they want one."""

    submit_label = "Accept and sign in"

    password = forms.CharField(
        label="Password",
        required=False,
        strip=False,
        help_text=NO_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self):
        password = self.cleaned_data["password"]
        if password:
            validate_password(password, self.user)
        return password


class JobForm(PortalForm):
    """What the person does there, and who their line manager is."""

    submit_label = "Save"

    job_role = forms.CharField(
        label="Your job role",
        max_length=120,
        help_text="Such as class teacher or health visitor. Trainers use it to fit a day to who is coming.",
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    line_manager_name = forms.CharField(
        label="Your line manager's name",
        max_length=200,
        required=False,
        help_text="For courses that a manager agrees to. We do not write to them unless you book one.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    line_manager_email = forms.EmailField(
        label="Your line manager's e-mail address",
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    @classmethod
    def holding(cls, membership: Membership) -> dict:
        """What the form starts with for an existing membership."""
        return {name: getattr(membership, name) for name in cls.base_fields}

    @property
    def job(self) -> Job:
        """What was typed, once valid."""
        return Job(**{name: self.cleaned_data[name] for name in JobForm.base_fields})


class ChooseOrganisationForm(JobForm):
    """Where the person works, out of those that take part."""

    submit_label = "Continue"
    field_order = ["organisation"]

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="Your organisation", empty_label="Choose from the list"
    )

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations


class RequestOrganisationForm(JobForm):
    """An organisation that is not in the list yet."""

    submit_label = "Ask for it to be added"
    field_order = ["name", "sector", "borough"]

    name = forms.CharField(
        label="The organisation's name",
        max_length=200,
        help_text="In full, as colleagues would look for it: the school, team or charity you work for.",
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    sector = forms.ChoiceField(
        label="Kind of service",
        choices=[("", "Choose from the list"), *Sector.choices],
        error_messages={"required": "Choose the kind of service"},
    )
    borough = forms.ChoiceField(
        label="Where does it work?",
        choices=Borough.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where it works"},
    )
