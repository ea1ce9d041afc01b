"""Organizations, people, roles, sign-in, devices and the audit trail."""
