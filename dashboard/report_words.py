"""What the report page's script says, in the language of the request."""

from dashboard.i18n import _


def report_words() -> dict[str, str]:
    """Return the script's sentences by name; ``{places}`` are filled by the script."""
    return {
        "online": _("Line is there"),
        "offline": _("No line: reports are kept on this phone"),
        "searching": _("Searching …"),
        "noneFound": _("No enterprise of yours has this in its name or code."),
        "searchFailed": _("No line to search on. Name the place in words, or search again later."),
        "enterpriseUnknown": _("Enterprise {number} (its name comes with the line)"),
        "notAsked": _("The phone's place is asked for when you begin."),
        "asking": _("Asking the phone for its place …"),
        "placed": _("Place: {lat}, {lon}, within {metres} m"),
        "vague": _("The phone knows its place only within {metres} m: the enterprise or the township counts."),
        "far": _("You are {km} km from the enterprise: its own place is taken."),
        "refused": _("The phone does not tell its place; the enterprise or township counts."),
        "photoFailed": _("This picture cannot be read. Please take it again."),
        "photosFull": _("At most {most} photos."),
        "remove": _("Remove"),
        "photo": _("Photo {n}"),
        "needTitle": _("Say in a few words what is wrong."),
        "needCategory": _("Please choose the category."),
        "needPlace": _("Name the enterprise, or the place in words"),
        "needTownship": _("Choose the township, or let the phone say where you are"),
        "needSource": _("Choose where the finding comes from"),
        "needBefore": _("The photo from before is needed."),
        "needAfter": _("The photo from after is needed."),
        "needMeasures": _("Say in a few words how it was put right"),
        "needRectifier": _("Say who put it right."),
        "needMinor": _("Only minor issues are put right on the spot."),
        "myself": _("Myself"),
        "waiting": _("Waiting to be sent; kept on this phone"),
        "sending": _("Being sent …"),
        "sent": _("Sent, number {number}"),
        "stopped": _("Not taken: {why}"),
        "unfinished": _("Not finished yet"),
        "edit": _("Edit"),
        "goOn": _("Go on"),
        "delete": _("Delete"),
        "sureToDelete": _("Delete this report? It was not sent."),
        "signIn": _("The session has ended. Sign in to send what waits."),
        "others": _("{n} reports of somebody else wait on this phone; they are sent when that person signs in."),
        "notKept": _("This browser keeps nothing. Do not close the page before the report is sent."),
        "nothingYet": _("Nothing here yet."),
    }
