"""How allauth and our users fit together: a phone and nothing else."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Phone sign-in through the outbox."""
