"""Every table, the domain's and the OAuth server's: the metadata that migrations compare with the database."""

from auth.assertion import UsedAssertion
from auth.key import SigningKey
from domain.tables import Base

__all__ = ["Base", "SigningKey", "UsedAssertion"]
