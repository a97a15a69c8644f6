"""Every setting of the application: one typed class, read from ``GRIDGUARD_*`` once."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from dashboard.basemaps import origin_of, tianditu_templates, tile_template
from governance.notices import USUAL_NUMBER, is_number_pattern

Locale = Literal["zh_CN", "en"]
PercentList = Annotated[tuple[Annotated[float, Field(gt=0, lt=100)], ...], NoDecode]
HostList = Annotated[tuple[str, ...], NoDecode]
PartList = Annotated[tuple[Literal["district", "leaders", "townships"], ...], NoDecode]
DATABASE_FILE = "gridguard.db"


class Settings(BaseSettings):
    """What an administrator may set, each as ``GRIDGUARD_<NAME>``; bounds are enforced when it is read.

    Raises
    ------
    pydantic.ValidationError
        A value is not of its type or outside its bounds; the message names the field.
    """

    model_config = SettingsConfigDict(env_prefix="GRIDGUARD_", extra="ignore", frozen=True, hide_input_in_errors=True)

    home: Path = Field(
        default_factory=lambda: Path.home() / ".gridguard",
        description="Folder of all data: database, evidence files, exports. Made absolute.",
    )
    database_url: str = Field(
        default="",
        description="SQLAlchemy address of the database; empty means the file gridguard.db in the home folder.",
    )
    host: str = Field(default="127.0.0.1", min_length=1, description="Address the server listens on.")
    port: int = Field(default=8501, ge=1, le=65535, description="Port the server listens on.")
    trusted_hosts: HostList = Field(
        default=("localhost", "127.0.0.1", "::1"),
        min_length=1,
        description="Host names the server answers to, comma separated; *.example.org takes every subdomain.",
    )
    trusted_proxies: HostList = Field(
        default=(),
        description="Addresses of reverse proxies whose X-Forwarded headers are believed, comma separated.",
    )
    public_url: str = Field(
        default="",
        description="Address of the site in QR codes and messages; empty: where a request came to, and no links.",
    )
    secure_cookies: bool = Field(
        default=False, description="Send cookies over HTTPS only; set it wherever the site has HTTPS."
    )
    locale: Locale = Field(default="zh_CN", description="Language for a browser that has not chosen one.")
    time_zone: str = Field(default="Asia/Shanghai", description="Zone in which times are shown and days are counted.")
    session_hours: int = Field(default=12, ge=1, le=168, description="Hours a person stays signed in.")
    display_session_days: int = Field(
        default=180, ge=1, le=366, description="Days a wall display stays signed in, also over restarts."
    )
    sign_in_attempts: int = Field(
        default=5,
        ge=3,
        le=100,
        description="Wrong passwords before a login is locked; ten times as many lock the address they come from.",
    )
    sign_in_lock_minutes: int = Field(default=15, ge=1, le=1440, description="Minutes such a lock lasts.")
    max_upload_mb: int = Field(default=20, ge=1, le=200, description="Largest file that is taken, in MB.")
    upload_quota_mb: int = Field(
        default=200, ge=1, le=10_000, description="MB that one person may upload within an hour."
    )
    nearest_m: int = Field(
        default=500,
        ge=0,
        le=20_000,
        description="Metres within which a point outside all zones goes to the nearest one.",
    )
    yellow_days: int = Field(
        default=3, ge=1, le=30, description="Days before its deadline at which an issue's light turns yellow."
    )
    notice_number: str = Field(
        default=USUAL_NUMBER,
        description="Form of a notice's number: {unit} or {short}, {year} and {n}; no slash, at most 32 letters.",
    )
    poll_seconds: int = Field(
        default=5, ge=1, le=300, description="Seconds between two looks of the wall for new data."
    )
    wall_step_seconds: int = Field(default=20, ge=2, le=3600, description="Seconds that the playlist shows each step.")
    wall_order: PartList = Field(
        default=("district", "leaders", "townships"),
        min_length=1,
        description="Parts of the wall's playlist in their order, comma separated.",
    )
    wall_pause_seconds: int = Field(
        default=120, ge=5, le=3600, description="Seconds for which a touch holds the wall's playlist."
    )
    wall_gutters: PercentList = Field(
        default=(),
        description="Seams of a video wall in % of its width, comma separated; the wall keeps its columns off them.",
    )
    wall_rank_leaders: bool = Field(
        default=False, description="Show on a wide wall how the leaders' zones rank; they stand unranked without it."
    )
    theme: Literal["dark", "light"] = Field(default="dark", description="Colours of the wall and of all pages.")
    basemap_url: str | None = Field(
        default=None,
        description="Tile address template of a background map; exactly its host is opened to the browser.",
    )
    tianditu_key: SecretStr = Field(
        default=SecretStr(""),
        description="Key of Tianditu: its street map as background, from t0.tianditu.gov.cn, seen by every browser.",
    )
    basemap_attribution: str = Field(
        default="", max_length=200, description="Text shown for the background map, as plain text."
    )
    map_approval_number: str = Field(
        default="", max_length=60, description="Approval number of the map, shown beneath it when set."
    )
    messages: bool = Field(
        default=True, description="Send messages from the server; off where the commands of messages are run instead."
    )
    message_seconds: int = Field(
        default=15, ge=5, le=600, description="Seconds between two looks for messages to write and to send."
    )
    mail_url: SecretStr = Field(
        default=SecretStr(""),
        description="Mail account that bare e-mail addresses are reached through, as mailtos://user:password@host.",
    )
    csp_report_only: bool = Field(
        default=False, description="Only report what the content security policy would refuse."
    )
    collect_seconds: int = Field(
        default=30, ge=5, le=3600, description="Seconds between two memory collections of the server."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severity that is logged."
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="Log lines for people (text) or programs (json)."
    )

    @field_validator("trusted_hosts", "trusted_proxies", "wall_order", "wall_gutters", mode="before")
    @classmethod
    def _split_names(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(name.strip().lower() for name in value.split(",") if name.strip())
        return value

    @field_validator("wall_order")
    @classmethod
    def _no_part_twice(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(value)) != len(value):
            raise ValueError(
                f"{', '.join(value)} names a part twice; each of district, leaders, townships at most once"
            )
        return value

    @field_validator("notice_number")
    @classmethod
    def _tells_apart(cls, value: str) -> str:
        if not is_number_pattern(value):
            raise ValueError(
                f"{value} does not tell notices apart; it needs the places {{unit}} or {{short}}, {{year}} and {{n}}, "
                "no slash, and numbers of at most 32 characters"
            )
        return value

    @field_validator("home")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{value!r} is no time zone; take a name such as Asia/Shanghai") from error
        return value

    @field_validator("basemap_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        return tile_template(value) if value else None

    @field_validator("tianditu_key")
    @classmethod
    def _tianditu_key(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value():
            tianditu_templates(value.get_secret_value())
        return value

    @field_validator("public_url")
    @classmethod
    def _site_address(cls, value: str) -> str:
        parts = urlsplit(value)
        is_site = parts.scheme in {"http", "https"} and parts.hostname and not parts.query and not parts.fragment
        if value and not is_site:
            raise ValueError(f"{value!r} is no address of a site: https:// or http:// and a host")
        return value.rstrip("/")

    @field_validator("mail_url")
    @classmethod
    def _mail_account(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and urlsplit(value.get_secret_value()).scheme not in {"mailto", "mailtos"}:
            raise ValueError("it is no mail account: mailtos:// or mailto://, user, password and host")
        return value

    @model_validator(mode="after")
    def _database_in_home(self) -> Self:
        if not self.database_url:
            object.__setattr__(self, "database_url", f"sqlite:///{(self.home / DATABASE_FILE).as_posix()}")
        return self

    @property
    def basemap_tiles(self) -> tuple[str, ...]:
        """Tile addresses of the background map, the lowest first; the address goes before the key. None by default."""
        if self.basemap_url is not None:
            return (self.basemap_url,)
        key = self.tianditu_key.get_secret_value()
        return tianditu_templates(key) if key else ()

    @property
    def basemap_origin(self) -> str | None:
        """Scheme, host and port of the background map, or None; the only outside host a browser may call."""
        return origin_of(self.basemap_tiles[0]) if self.basemap_tiles else None


@lru_cache(maxsize=1)
def _from_environment() -> Settings:
    return Settings()


_chosen: list[Settings] = []


def settings() -> Settings:
    """Return the settings in force: the chosen ones, else those of the environment, read once."""
    return _chosen[-1] if _chosen else _from_environment()


def choose_settings(chosen: Settings) -> None:
    """Put ``chosen`` in force for the whole process; the command line does so after reading its options."""
    _chosen[:] = [chosen]


@contextmanager
def overridden(chosen: Settings) -> Iterator[Settings]:
    """Put ``chosen`` in force for the length of the block, in every thread; for tests."""
    _chosen.append(chosen)
    try:
        yield chosen
    finally:
        _chosen.remove(chosen)
