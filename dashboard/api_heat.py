"""The route under ``/api/v1`` that hands out the hot spots of today; it asks for the rights of whoever is signed in."""

from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.api_exports import MEDIA_TYPES, Clock, passing_file, threaded
from dashboard.services.heat_exports import SPOT_FORMATS, SpotFormat, export_hot_spots
from dashboard.settings import Settings
from db.repositories.people import actor_of
from db.unit_of_work import current_district, reading
from governance.errors import InvalidInput

AT_ONCE = 1


def heat_routes(settings: Settings, engine: Engine, clock: Clock) -> list[BaseRoute]:
    """The route, relative to ``/api/v1``."""

    def answer(request: Request) -> Response:
        form = _format(request.query_params.get("format", "xlsx"))
        with reading(engine) as session:
            today = clock().astimezone(ZoneInfo(current_district(session).time_zone)).date()
            actor = actor_of(session, request.state.signed_in.person_id, today=today)
            return passing_file(
                f"hot-spots.{form}",
                MEDIA_TYPES[form],
                lambda path: export_hot_spots(
                    session, actor, path, format=form, today=today, yellow_days=settings.yellow_days
                ),
            )

    return [Route("/heat/hot-spots", threaded(answer, at_once=AT_ONCE))]


def _format(text: str) -> SpotFormat:
    for form in SPOT_FORMATS:
        if form == text:
            return form
    raise InvalidInput(
        "format_not_known", "{format} is no format of exports; allowed: {allowed}", format=text, allowed=SPOT_FORMATS
    )
