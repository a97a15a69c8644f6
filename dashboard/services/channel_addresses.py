"""Addresses of channels: which are taken, how each is written down, and what of them may be shown."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

from governance.errors import InvalidInput

LONGEST_ADDRESS: Final = 1000


@dataclass(frozen=True, slots=True)
class Scheme:
    """A kind of address.

    Attributes
    ----------
    form
        What the part after ``scheme://`` looks like.
    options
        Names that may follow the question mark; anything else could name a file of the server or another host.
    has_free_host
        It can reach any machine: taken from those only who answer for the channels of the district.
    """

    form: re.Pattern[str]
    options: frozenset[str] = frozenset()
    has_free_host: bool = False


_TOKEN: Final = r"[A-Za-z0-9_-]{8,200}"  # noqa: S105 - the form of a token, not one
_LETTERS: Final = r"[A-Za-z0-9]{8,200}"
_HOST: Final = r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?"
_ACCOUNT: Final = r"(?:[^/\s@?#]{1,400}@)?"
_EMAIL: Final = r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*\.)+[A-Za-z]{2,24}"
_MAIL_OPTIONS: Final = frozenset({"to", "from", "name", "cc", "bcc", "smtp", "mode", "user", "pass", "reply"})

SCHEMES: Final[dict[str, Scheme]] = {
    "wecombot": Scheme(re.compile(rf"{_TOKEN}/?")),
    "dingtalk": Scheme(re.compile(rf"(?:{_LETTERS}@)?{_LETTERS}/?")),
    "feishu": Scheme(re.compile(rf"{_TOKEN}/?")),
    "lark": Scheme(re.compile(rf"{_TOKEN}/?")),
    "json": Scheme(re.compile(rf"{_ACCOUNT}{_HOST}(?:/[^\s?#]*)?"), has_free_host=True),
    "jsons": Scheme(re.compile(rf"{_ACCOUNT}{_HOST}(?:/[^\s?#]*)?"), has_free_host=True),
    "mailto": Scheme(re.compile(rf"{_ACCOUNT}{_HOST}(?:/[^\s?#]*)?"), _MAIL_OPTIONS, has_free_host=True),
    "mailtos": Scheme(re.compile(rf"{_ACCOUNT}{_HOST}(?:/[^\s?#]*)?"), _MAIL_OPTIONS, has_free_host=True),
}
# A bare e-mail address is reached through the district's own mail account.
PLAIN_MAIL: Final = "mail:"


@dataclass(frozen=True, slots=True)
class _Robot:
    """How a service writes the address of a group's robot."""

    host: str
    path: str
    scheme: str
    parameter: str = ""


_ROBOTS: Final = (
    _Robot("qyapi.weixin.qq.com", "/cgi-bin/webhook/send", "wecombot", "key"),
    _Robot("oapi.dingtalk.com", "/robot/send", "dingtalk", "access_token"),
    _Robot("open.feishu.cn", "/open-apis/bot/v2/hook/", "feishu"),
    _Robot("open.larksuite.com", "/open-apis/bot/v2/hook/", "lark"),
)


def normal_address(text: str) -> str:
    """An address as it is kept, from what somebody typed or pasted.

    Parameters
    ----------
    text : str
        An e-mail address, the web address of a robot as WeCom, DingTalk, Feishu or Lark show it, another
        ``https://`` or ``http://`` address (a webhook that takes JSON), or one of `SCHEMES`.

    Returns
    -------
    str
        ``scheme://…``, or ``mail:`` and the e-mail address.

    Raises
    ------
    InvalidInput
        No such address; the sentence never repeats it, because it may hold a secret.
    """
    address = text.strip()
    if len(address) > LONGEST_ADDRESS:
        raise _refused()
    if re.fullmatch(_EMAIL, address):
        return f"{PLAIN_MAIL}{address}"
    address = _from_web(address) if address.lower().startswith(("http://", "https://")) else address
    name, separator, rest = address.partition("://")
    scheme = SCHEMES.get(name.lower())
    body, _mark, options = rest.partition("?")
    if not separator or scheme is None or not scheme.form.fullmatch(body) or not _are_known(options, scheme):
        raise _refused()
    return f"{name.lower()}://{rest}"


def has_free_host(address: str) -> bool:
    """Whether an address in its kept form can reach any machine."""
    scheme = SCHEMES.get(address.partition("://")[0])
    return scheme is not None and scheme.has_free_host


def shown_address(address: str) -> str:
    """What may be shown of a kept address: its kind, and of an e-mail address or a webhook where it leads; no secret.

    Empty for a channel that was removed.
    """
    if not address:
        return ""
    if address.startswith(PLAIN_MAIL):
        return address.removeprefix(PLAIN_MAIL)
    name, _separator, rest = address.partition("://")
    if not SCHEMES[name].has_free_host:
        return f"{name}://…"
    host = rest.partition("?")[0].rpartition("@")[2].partition("/")[0]
    return f"{name}://{host}/…"


def _from_web(address: str) -> str:
    parts = urlsplit(address)
    for robot in _ROBOTS:
        if parts.hostname == robot.host and parts.scheme == "https" and parts.path.startswith(robot.path):
            given = parse_qs(parts.query).get(robot.parameter, [""])[0] if robot.parameter else ""
            return f"{robot.scheme}://{given or parts.path.removeprefix(robot.path)}"
    scheme, _separator, rest = address.partition("://")
    return f"{'jsons' if scheme.lower() == 'https' else 'json'}://{rest}"


def _are_known(options: str, scheme: Scheme) -> bool:
    return all(part.partition("=")[0] in scheme.options for part in options.split("&") if part)


def _refused() -> InvalidInput:
    return InvalidInput(
        "channel_address",
        "This address cannot be taken; allowed: an e-mail address, the web address of a robot of {robots}, "
        "a webhook, or {schemes}",
        robots=["WeCom", "DingTalk", "Feishu", "Lark"],
        schemes=[f"{name}://" for name in SCHEMES],
    )
