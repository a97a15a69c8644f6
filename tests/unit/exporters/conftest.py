"""Columns and records for exports."""

from datetime import date

import pytest

from dashboard.exporters.columns import Column, issue_columns
from dashboard.importers.rows import IssueRow
from governance.vocabulary import Category, CheckArea, Severity, SignOffLevel, Source, Stage, Term


@pytest.fixture
def columns() -> tuple[Column, ...]:
    """The columns of issues with field names as headers and codes as words."""
    return issue_columns(lambda context, text: text, lambda member: str(member.value))


@pytest.fixture
def issue() -> IssueRow:
    """An issue with every value given."""
    return IssueRow(
        row=2, number="2021-00042", source_number="岚12345", source=Source.HOTLINE_12345,
        source_document="〔2021〕3号",
        title="=HYPERLINK()", description="第一行\n第二行", enterprise="+示例木业",
        enterprise_credit_code="913711000000000000",
        place="'=门口", township="碑廓镇", industry="木材加工", category=Category.DUST, check_area=CheckArea.SITE,
        severity=Severity.MINOR, term=Term.LIMITED, sign_off_level=SignOffLevel.TOWNSHIP, stage=Stage.RECTIFYING,
        found_on=date(2021, 6, 15), rectify_due_on=date(2021, 7, 15), closed_on=None, lead_unit="@交通局",
        joining_units=("住建局", "港口集团"), person_in_charge="-", requirement="-立即苫盖",
        measures="\"苫盖\", 喷淋; 01",
        x=119.34800000000001, y=35.099,
    )  # fmt: skip
