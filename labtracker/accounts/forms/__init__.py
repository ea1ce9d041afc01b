"""The shapes of what people type about accounts."""

from labtracker.accounts.forms.colleagues import ColleagueForm
from labtracker.accounts.forms.office import (
    AccountRequestForm,
    ApprovalForm,
    DecliningForm,
    InviteForm,
    MergingForm,
    OrganizationForm,
    RoleForm,
)
from labtracker.accounts.forms.settings import ChangePasswordForm, MailForm, ProfileForm
from labtracker.accounts.forms.signing_in import (
    AddressForm,
    DoorForm,
    FirstAdministratorForm,
    InvitationForm,
    NewPasswordForm,
    PressForm,
    SignInForm,
)

__all__ = [
    "AccountRequestForm",
    "AddressForm",
    "ApprovalForm",
    "ChangePasswordForm",
    "ColleagueForm",
    "DecliningForm",
    "DoorForm",
    "FirstAdministratorForm",
    "InvitationForm",
    "InviteForm",
    "MailForm",
    "MergingForm",
    "NewPasswordForm",
    "OrganizationForm",
    "PressForm",
    "ProfileForm",
    "RoleForm",
    "SignInForm",
]
