"""The shapes of what people type about accounts."""

from labtracker.accounts.forms.settings import ChangePasswordForm, ProfileForm
from labtracker.accounts.forms.signing_in import (
    AddressForm,
    NewPasswordForm,
    PressForm,
    SignInForm,
)

__all__ = ["AddressForm", "ChangePasswordForm", "NewPasswordForm", "PressForm", "ProfileForm", "SignInForm"]
