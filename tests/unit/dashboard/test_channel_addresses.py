"""Addresses of channels: what is taken and how it is kept, what is refused, and what is shown of a secret."""

import pytest

from dashboard.messenger.posting import without_secrets
from dashboard.services.channel_addresses import SCHEMES, has_free_host, normal_address, shown_address
from governance.errors import InvalidInput

KEY = "0a1b2c3d4e5f6789"
TAKEN = {
    f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}": f"wecombot://{KEY}",
    f"https://oapi.dingtalk.com/robot/send?access_token={KEY}": f"dingtalk://{KEY}",
    f"https://open.feishu.cn/open-apis/bot/v2/hook/{KEY}": f"feishu://{KEY}",
    f"https://open.larksuite.com/open-apis/bot/v2/hook/{KEY}": f"lark://{KEY}",
    f" wecombot://{KEY}/ ": f"wecombot://{KEY}/",
    f"DingTalk://SEC{KEY}@{KEY}": f"dingtalk://SEC{KEY}@{KEY}",
    "https://hooks.example.org:8443/a/b": "jsons://hooks.example.org:8443/a/b",
    "http://10.0.0.7/hook": "json://10.0.0.7/hook",
    "jsons://user:pass@hooks.example.org/a": "jsons://user:pass@hooks.example.org/a",
    "mailtos://user:pass@example.org?to=a@example.org": "mailtos://user:pass@example.org?to=a@example.org",
    "office@example.org": "mail:office@example.org",
}
REFUSED = (
    "",
    "file:///etc/passwd",
    "syslog://localhost",
    "dbus://",
    "exec://ls",
    "gnome://",
    "windows://",
    "form://example.org",
    "ftp://example.org/a",
    "wecombot://",
    "wecombot://key/../../x",
    "wecombot://short",
    "json://",
    "json://exa mple.org",
    f"wecombot://{KEY}?verify=no",
    "jsons://example.org/?verify=no",
    "mailtos://u:p@example.org?pgp=yes&pgppub=file:///etc/passwd",
    "mailtos://u:p@example.org?template=x",
    "json://example.org/\nfile://x",
    "mailto://" + "x" * 1000,
    "a@b",
    "javascript:alert(1)",
)


@pytest.mark.parametrize(("given", "kept"), TAKEN.items())
def test_this_address_is_taken_and_kept_so(given: str, kept: str) -> None:
    assert normal_address(given) == kept


@pytest.mark.parametrize("given", REFUSED)
def test_this_address_is_refused_and_not_repeated(given: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        normal_address(given)
    assert len(given) < 12 or given not in str(refusal.value)


@pytest.mark.parametrize("given", list(TAKEN)[:-1])
def test_apprise_understands_what_is_kept(given: str) -> None:
    import apprise

    assert apprise.Apprise.instantiate(normal_address(given)) is not None


@pytest.mark.parametrize("kept", TAKEN.values())
def test_no_secret_is_shown(kept: str) -> None:
    shown = shown_address(kept)
    assert KEY not in shown
    assert "pass" not in shown
    assert shown


def test_where_a_webhook_leads_is_shown() -> None:
    assert shown_address("jsons://user:pass@hooks.example.org/a") == "jsons://hooks.example.org/…"
    assert shown_address("mail:office@example.org") == "office@example.org"
    assert shown_address("") == ""


def test_what_reaches_any_machine_is_known() -> None:
    free = {name for name in SCHEMES if has_free_host(f"{name}://{KEY}")}
    assert free == {"json", "jsons", "mailto", "mailtos"}
    assert not has_free_host("mail:office@example.org")


def test_a_reason_holds_nothing_of_the_address() -> None:
    url = "jsons://user:s%40cret@hooks.example.org/token123?x=abcd"
    told = without_secrets("POST to hooks.example.org/token123 as user with s@cret failed: 401", url)
    assert told == "POST to …/… as … with … failed: 401"
