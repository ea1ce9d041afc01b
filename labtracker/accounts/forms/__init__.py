"""The shapes of what people type about accounts."""

from labtracker.accounts.forms.settings import ChangePasswordForm, ProfileForm
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
    "AddressForm",
    "ChangePasswordForm",
    "DoorForm",
    "FirstAdministratorForm",
    "InvitationForm",
    "NewPasswordForm",
    "PressForm",
    "ProfileForm",
    "SignInForm",
]
