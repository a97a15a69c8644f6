"""The one shape of errors for programs: ``{"error": {"code", "message", "fields"}}`` and a status by kind."""

import secrets
from collections.abc import Mapping
from typing import Final

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from dashboard.display_links import shown_path
from dashboard.i18n import _, message
from governance.errors import ErrorKind

_log = structlog.get_logger(__name__)

STATUS_OF_KIND: Final[Mapping[str, int]] = {
    ErrorKind.NOT_FOUND: 404,
    ErrorKind.NOT_ALLOWED: 403,
    ErrorKind.ILLEGAL_TRANSITION: 409,
    ErrorKind.CONFLICT: 409,
    ErrorKind.INVALID_INPUT: 422,
}


def error_json(status: int, code: str, text: str, *, fields: Mapping[str, str] | None = None) -> JSONResponse:
    """Return the error response; ``fields`` names each refused field and why."""
    body = {"error": {"code": code, "message": text, "fields": dict(fields or {})}}
    return JSONResponse(body, status_code=status, headers={"Cache-Control": "no-store"})


def refusal(request: Request, error: Exception) -> Response:
    """Answer an error of the application (it has kind, code, template and params) in the person's language."""
    text = message(error)
    params = getattr(error, "params", {})
    field = params.get("field")
    fields = {str(field): text} if field is not None else {}
    status = STATUS_OF_KIND[str(getattr(error, "kind", ErrorKind.INVALID_INPUT))]
    return error_json(status, str(getattr(error, "code", "refused")), text, fields=fields)


def protocol_error(request: Request, error: Exception) -> Response:
    """Answer an HTTP error: JSON under /api, one plain sentence elsewhere."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if request.url.path.startswith("/api"):
        code = {404: "not_found", 405: "method_not_allowed"}.get(status, "refused")
        return error_json(status, code, _status_sentence(status))
    return PlainTextResponse(_status_sentence(status), status_code=status)


def failure(request: Request, error: Exception) -> Response:
    """Answer an unforeseen error: log it under a reference, tell only the reference."""
    reference = new_reference()
    _log.error("request_failed", reference=reference, path=shown_path(request.url.path), exc_info=error)
    text = _("Something went wrong on the server. Reference: {reference}.", reference=reference)
    if request.url.path.startswith("/api"):
        return error_json(500, "internal_error", text)
    return PlainTextResponse(text, status_code=500)


def new_reference() -> str:
    """Return a short reference that a person can read out and a log can be searched for."""
    return secrets.token_hex(4).upper()


def _status_sentence(status: int) -> str:
    if status == 404:
        return _("There is nothing at this address.")
    if status == 405:
        return _("This address does not take this method.")
    return _("The request was refused.")
