"""Accounts: who may do what from outside."""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from twin.spec.device import AccountSpec

from .errors import OutletError


class Right(StrEnum):
    """What an account may do beyond looking."""

    WRITE = "write"
    ACKNOWLEDGE = "acknowledge"


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the published twin."""

    name: str
    password: str = field(repr=False)
    rights: frozenset[Right] = frozenset()


class Accounts:
    """The accounts of an outlet. Without any, everybody can only look."""

    def __init__(self, accounts: Iterable[Account] = ()) -> None:
        self._accounts = {account.name: account for account in accounts}

    def __len__(self) -> int:
        return len(self._accounts)

    def find(self, name: str, password: str) -> Account | None:
        """Return the account when name and password fit, in the same time either way."""
        account = self._accounts.get(name)
        known = account.password if account else "no such account"
        same = hmac.compare_digest(known.encode(), password.encode())
        return account if account and same else None

    def named(self, name: str) -> Account | None:
        """Return an account by name alone, for one that has proved itself before."""
        return self._accounts.get(name)


def accounts_from(specs: Iterable[AccountSpec], environment: Mapping[str, str]) -> Accounts:
    """Build accounts from the devices file, passwords from environment variables.

    Args:
        specs: accounts as the file names them.
        environment: where the passwords are, usually `os.environ`.
    """
    accounts = []
    for spec in specs:
        password = environment.get(spec.password_env, "")
        if not password:
            raise OutletError(
                f"account {spec.name!r} has no password: set the environment variable "
                f"{spec.password_env}, or take the account out of the devices file"
            )
        accounts.append(Account(spec.name, password, frozenset(Right(r) for r in spec.rights)))
    return Accounts(accounts)
