"""The closed sets of the model; each word is the same in code, table, URL, label and test."""

from enum import StrEnum


class Stage(StrEnum):
    """Where an issue stands: the six links and the states beside them."""

    DISCOVERED = "discovered"
    CONFIRMED = "confirmed"
    LEDGERED = "ledgered"
    RECTIFYING = "rectifying"
    SUPERVISED = "supervised"
    CLOSED = "closed"
    PUBLIC_NOTICE = "public_notice"
    LONG_TERM = "long_term"
    REFUSED = "refused"
    MERGED = "merged"


class Severity(StrEnum):
    """How grave an issue is."""

    MINOR = "minor"
    MAJOR = "major"
    SEVERE = "severe"


class Category(StrEnum):
    """What an issue does to the environment."""

    DUST = "dust"
    EXHAUST_GAS = "exhaust_gas"
    ODOUR = "odour"
    WASTEWATER = "wastewater"
    OILY_WATER = "oily_water"
    SOLID_WASTE = "solid_waste"
    HAZARDOUS_WASTE = "hazardous_waste"
    NOISE = "noise"
    ECOLOGY = "ecology"
    MANAGEMENT = "management"


class CheckArea(StrEnum):
    """What was checked when the issue was found."""

    PROCEDURES = "procedures"
    SITE = "site"
    MONITORING = "monitoring"
    RECORDS = "records"


class Term(StrEnum):
    """How soon an issue must be rectified."""

    AT_ONCE = "at_once"
    LIMITED = "limited"
    LONG_TERM = "long_term"


class Source(StrEnum):
    """Where an issue came from."""

    CENTRAL_INSPECTION = "central_inspection"
    PROVINCIAL_INSPECTION = "provincial_inspection"
    CITY_HAND_OVER = "city_hand_over"
    HOTLINE_12345 = "hotline_12345"
    HOTLINE_12369 = "hotline_12369"
    INSTRUCTION = "instruction"
    ENFORCEMENT = "enforcement"
    CONSULTANT = "consultant"
    BUTLER = "butler"
    CADRE = "cadre"
    TOWNSHIP_PATROL = "township_patrol"
    SELF_CHECK = "self_check"
    MONITORING = "monitoring"


class SignOffLevel(StrEnum):
    """Who may sign an issue off."""

    TOWNSHIP = "township"
    DEPARTMENT = "department"
    BUREAU = "bureau"
    ABOVE = "above"


class Light(StrEnum):
    """Time left to the deadline, as a colour that always comes with a word and a shape."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class ZoneKind(StrEnum):
    """What a zone is; the district's own outline is kept the same way."""

    DISTRICT = "district"
    TOWNSHIP = "township"
    KEY_ROAD = "key_road"
    PORT = "port"
    FISHING_HARBOUR = "fishing_harbour"
    SHIPYARD = "shipyard"
    TIMBER_PARK = "timber_park"


KEY_ZONE_KINDS = frozenset(ZoneKind) - {ZoneKind.DISTRICT, ZoneKind.TOWNSHIP}


class PlanKind(StrEnum):
    """What a plan changes."""

    ROSTER = "roster"
    ZONES = "zones"


class PlanState(StrEnum):
    """How far a plan has come: seen and commented, waiting for its day, carried out, or given up."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    APPLIED = "applied"
    WITHDRAWN = "withdrawn"


class AssignmentPart(StrEnum):
    """What a leader is for a zone."""

    LEAD = "lead"
    DEPUTY = "deputy"


class UnitKind(StrEnum):
    """What an organisation is in the model."""

    BUREAU = "bureau"
    COMMITTEE_OFFICE = "committee_office"
    TOWNSHIP = "township"
    DEPARTMENT = "department"
    ENFORCEMENT = "enforcement"
    CONSULTANT_TEAM = "consultant_team"
    INSPECTION_GROUP = "inspection_group"
    BUTLER_TEAM = "butler_team"


class Role(StrEnum):
    """The twelve kinds of people."""

    DISTRICT_LEADER = "district_leader"
    LIAISON = "liaison"
    BUREAU = "bureau"
    COMMITTEE_OFFICE = "committee_office"
    TOWNSHIP = "township"
    INDUSTRY_DEPARTMENT = "industry_department"
    ENFORCEMENT = "enforcement"
    CONSULTANT = "consultant"
    BUTLER = "butler"
    VILLAGE_CADRE = "village_cadre"
    ENVIRONMENT_DIRECTOR = "environment_director"
    DISPLAY = "display"


class NoticeKind(StrEnum):
    """Rectification notices: by the district's inspection groups, by the townships."""

    DISTRICT = "district"
    TOWNSHIP = "township"


class EvidenceKind(StrEnum):
    """What an evidence file shows."""

    BEFORE = "before"
    AFTER = "after"
    CHECK = "check"
    MONITORING_REPORT = "monitoring_report"
    DOCUMENT = "document"


class ExtensionState(StrEnum):
    """What became of a request for more time."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


class Pace(StrEnum):
    """How a long-term issue stands: judged by its plan, not by days left."""

    ON_SCHEDULE = "on_schedule"
    BEHIND = "behind"


class LookBackKind(StrEnum):
    """What a look-back draws its sample from."""

    CLOSED_ISSUES = "closed_issues"
    TOWNSHIP_FINDINGS = "township_findings"


class DrawnBy(StrEnum):
    """Why an issue is in a look-back's sample."""

    RISK = "risk"
    CHANCE = "chance"


class LookBackResult(StrEnum):
    """What a look-back found."""

    KEPT = "kept"
    REOPENED = "reopened"


class DirectiveKind(StrEnum):
    """What somebody above asks for: a leader's instruction, or a supervision order of the committee office."""

    INSTRUCTION = "instruction"
    SUPERVISION_ORDER = "supervision_order"


class DirectiveState(StrEnum):
    """The life of an instruction or a supervision order."""

    RECEIVED = "received"
    PROPOSED = "proposed"
    CARRIED_OUT = "carried_out"
    REPORTED = "reported"
    DONE = "done"


class ListKind(StrEnum):
    """The views of the one ledger that offices know as lists of their own."""

    LEDGER = "ledger"
    PROBLEMS = "problems"
    RESPONSIBILITIES = "responsibilities"
    RECTIFICATION = "rectification"
    SUPERIOR = "superior"


class IssueField(StrEnum):
    """Fields of an issue that a refusal may name."""

    REASON = "reason"
    MERGED_INTO = "merged_into_id"
    TERM = "term"
    RECTIFY_DUE_ON = "rectify_due_on"
    REQUIREMENT = "requirement"
    LEAD_UNIT = "lead_unit_id"
    PERSON_IN_CHARGE = "person_in_charge_id"
    MEASURES = "measures"
    CHECK_DUE_ON = "check_due_on"
    REVIEW_DUE_ON = "review_due_on"
    FINDER = "finder_id"
    RECTIFIER = "rectifier_id"
    CHECKER = "checker_id"
    SIGNER = "signer_id"
    CONFIRMER = "confirmer_id"
    NOTICE_ENDS_ON = "notice_ends_on"
    HANDED_IN_DOCUMENT = "handed_in_document"
    HANDED_IN_ON = "handed_in_on"
    ABOVE_BASIS = "above_basis"
    ABOVE_RESULT = "above_result"


class Subject(StrEnum):
    """Kinds of records that have a history."""

    DISTRICT = "district"
    ZONE = "zone"
    OUTLINE = "outline"
    VILLAGE = "village"
    INDUSTRY = "industry"
    INDUSTRY_STANDARD = "industry_standard"
    ENTERPRISE = "enterprise"
    ISSUE = "issue"
    ISSUE_UNIT = "issue_unit"
    NOTICE = "notice"
    NOTICE_ISSUE = "notice_issue"
    EVIDENCE = "evidence"
    UNIT = "unit"
    PERSON = "person"
    APPOINTMENT = "appointment"
    ASSIGNMENT = "assignment"
    ACCOUNT = "account"
    EXTENSION = "extension"
    MILESTONE = "milestone"
    COMMENT = "comment"
    LOOK_BACK_PLAN = "look_back_plan"
    LOOK_BACK_ITEM = "look_back_item"
    DIRECTIVE = "directive"
    EXPORT_LAYOUT = "export_layout"
    LOOP_RULES = "loop_rules"
    CHANNEL = "channel"
    DISPLAY = "display"
    PLAN = "plan"
    PLAN_COMMENT = "plan_comment"
    ABSENCE = "absence"
