"""Create the first tables."""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('cell_tally',
    sa.Column('cell', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('severity', sa.String(length=32), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.CheckConstraint("severity IN ('minor', 'major', 'severe')", name=op.f('ck_cell_tally_severity_in_set')),
    sa.PrimaryKeyConstraint('cell', 'severity', 'due_on', name=op.f('pk_cell_tally'))
    )
    with op.batch_alter_table('cell_tally', schema=None) as batch_op:
        batch_op.create_index('ix_cell_tally_zero', ['n'], unique=False, sqlite_where=sa.text('n = 0'), postgresql_where=sa.text('n = 0'))

    op.create_table('chain_head',
    sa.Column('district_code', sa.String(length=12), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('district_code', name=op.f('pk_chain_head'))
    )
    op.create_table('counter',
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_counter'))
    )
    op.create_table('district',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=True),
    sa.Column('time_zone', sa.String(), nullable=False),
    sa.Column('metric_epsg', sa.Integer(), nullable=True),
    sa.Column('sea_margin_m', sa.Float(), nullable=False),
    sa.Column('nearest_m', sa.Float(), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.Column('map_approval', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_district')),
    sa.UniqueConstraint('code', name=op.f('uq_district_code'))
    )
    op.create_table('event',
    sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=False),
    sa.Column('subject_kind', sa.String(length=32), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=48), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('on_behalf_of_id', sa.Integer(), nullable=True),
    sa.Column('operator', sa.String(length=64), nullable=True),
    sa.Column('stage', sa.String(length=32), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('params', sa.Text(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.CheckConstraint("stage IN ('discovered', 'confirmed', 'ledgered', 'rectifying', 'supervised', 'closed', 'long_term', 'refused', 'merged')", name=op.f('ck_event_stage_in_set')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_event'))
    )
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.create_index('ix_event_stage_at', ['stage', 'at'], unique=False)
        batch_op.create_index('ix_event_subject', ['subject_kind', 'subject_id', 'seq'], unique=False)

    op.create_table('flow_tally',
    sa.Column('scope', sa.String(length=32), nullable=False),
    sa.Column('scope_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('flow', sa.String(length=32), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.CheckConstraint("flow IN ('found', 'opened', 'left', 'closed', 'closed_on_time')", name=op.f('ck_flow_tally_flow_in_set')),
    sa.CheckConstraint("scope IN ('township', 'key_zone', 'industry')", name=op.f('ck_flow_tally_scope_in_set')),
    sa.PrimaryKeyConstraint('scope', 'scope_id', 'day', 'flow', name=op.f('pk_flow_tally'))
    )
    with op.batch_alter_table('flow_tally', schema=None) as batch_op:
        batch_op.create_index('ix_flow_tally_zero', ['n'], unique=False, sqlite_where=sa.text('n = 0'), postgresql_where=sa.text('n = 0'))

    op.create_table('industry',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=True),
    sa.Column('gbt4754', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_industry')),
    sa.UniqueConstraint('district_code', 'code', name=op.f('uq_industry_district_code_code'))
    )
    op.create_table('issue_tally',
    sa.Column('scope', sa.String(length=32), nullable=False),
    sa.Column('scope_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('stage', sa.String(length=32), nullable=False),
    sa.Column('severity', sa.String(length=32), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.CheckConstraint("scope IN ('township', 'key_zone', 'industry')", name=op.f('ck_issue_tally_scope_in_set')),
    sa.CheckConstraint("stage IN ('discovered', 'confirmed', 'ledgered', 'rectifying', 'supervised', 'closed', 'long_term', 'refused', 'merged')", name=op.f('ck_issue_tally_stage_in_set')),
    sa.CheckConstraint("severity IN ('minor', 'major', 'severe')", name=op.f('ck_issue_tally_severity_in_set')),
    sa.PrimaryKeyConstraint('scope', 'scope_id', 'stage', 'severity', 'due_on', name=op.f('pk_issue_tally'))
    )
    with op.batch_alter_table('issue_tally', schema=None) as batch_op:
        batch_op.create_index('ix_issue_tally_zero', ['n'], unique=False, sqlite_where=sa.text('n = 0'), postgresql_where=sa.text('n = 0'))

    op.create_table('person',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=True),
    sa.Column('phone', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('district_code', 'code', name=op.f('uq_person_district_code_code'))
    )
    op.create_table('sign_in_attempt',
    sa.Column('login', sa.String(length=64), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('login', name=op.f('pk_sign_in_attempt'))
    )
    op.create_table('zone',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=True),
    sa.Column('is_retired', sa.Boolean(), nullable=False),
    sa.CheckConstraint("kind IN ('district', 'township', 'key_road', 'port', 'fishing_harbour', 'shipyard', 'timber_park')", name=op.f('ck_zone_kind_in_set')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_zone')),
    sa.UniqueConstraint('district_code', 'kind', 'code', name=op.f('uq_zone_district_code_kind_code'))
    )
    op.create_table('account',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('login', sa.String(length=64), nullable=False),
    sa.Column('password_hash', sa.String(), nullable=True),
    sa.Column('is_disabled', sa.Boolean(), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_account_person_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('login', name=op.f('uq_account_login'))
    )
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_person_id'), ['person_id'], unique=False)

    op.create_table('assignment',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('zone_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('part', sa.String(length=32), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('document_number', sa.String(), nullable=True),
    sa.Column('document_date', sa.Date(), nullable=True),
    sa.Column('approver', sa.String(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("part IN ('lead', 'deputy')", name=op.f('ck_assignment_part_in_set')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_assignment_span')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_assignment_person_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['zone_id'], ['zone.id'], name=op.f('fk_assignment_zone_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment'))
    )
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assignment_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_assignment_zone_valid', ['zone_id', 'valid_to'], unique=False)

    op.create_table('enterprise',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('lon', sa.Float(), nullable=True),
    sa.Column('lat', sa.Float(), nullable=True),
    sa.Column('cell', sa.BigInteger(), nullable=True),
    sa.Column('township_id', sa.Integer(), nullable=True),
    sa.Column('primary_zone_id', sa.Integer(), nullable=True),
    sa.Column('key_zone_ids', sa.String(length=200), nullable=False),
    sa.Column('distance_m', sa.Float(), nullable=False),
    sa.Column('credit_code', sa.String(length=18), nullable=True),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=True),
    sa.Column('industry_id', sa.Integer(), nullable=True),
    sa.Column('address', sa.String(), nullable=True),
    sa.Column('is_key_unit', sa.Boolean(), nullable=False),
    sa.Column('contact_phone', sa.String(), nullable=True),
    sa.Column('source_key', sa.String(length=80), nullable=True),
    sa.ForeignKeyConstraint(['industry_id'], ['industry.id'], name=op.f('fk_enterprise_industry_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['primary_zone_id'], ['zone.id'], name=op.f('fk_enterprise_primary_zone_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['township_id'], ['zone.id'], name=op.f('fk_enterprise_township_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enterprise')),
    sa.UniqueConstraint('district_code', 'credit_code', name=op.f('uq_enterprise_district_code_credit_code'))
    )
    with op.batch_alter_table('enterprise', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enterprise_industry_id'), ['industry_id'], unique=False)
        batch_op.create_index('ix_enterprise_name', ['name'], unique=False)
        batch_op.create_index(batch_op.f('ix_enterprise_primary_zone_id'), ['primary_zone_id'], unique=False)
        batch_op.create_index('ix_enterprise_source_key', ['source_key'], unique=False)
        batch_op.create_index('ix_enterprise_township', ['township_id'], unique=False)

    op.create_table('outline',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('zone_id', sa.Integer(), nullable=False),
    sa.Column('geometry', sa.LargeBinary(), nullable=False),
    sa.Column('area_m2', sa.Float(), nullable=False),
    sa.Column('is_approximate', sa.Boolean(), nullable=False),
    sa.Column('source', sa.String(), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('area_m2 > 0', name=op.f('ck_outline_area')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_outline_span')),
    sa.ForeignKeyConstraint(['zone_id'], ['zone.id'], name=op.f('fk_outline_zone_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outline'))
    )
    with op.batch_alter_table('outline', schema=None) as batch_op:
        batch_op.create_index('ix_outline_zone_valid', ['zone_id', 'valid_to'], unique=False)

    op.create_table('unit',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=True),
    sa.Column('zone_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("kind IN ('bureau', 'committee_office', 'township', 'department', 'enforcement', 'consultant_team', 'inspection_group', 'butler_team')", name=op.f('ck_unit_kind_in_set')),
    sa.ForeignKeyConstraint(['zone_id'], ['zone.id'], name=op.f('fk_unit_zone_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit')),
    sa.UniqueConstraint('district_code', 'code', name=op.f('uq_unit_district_code_code'))
    )
    op.create_table('village',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=True),
    sa.Column('township_id', sa.Integer(), nullable=False),
    sa.Column('lon', sa.Float(), nullable=True),
    sa.Column('lat', sa.Float(), nullable=True),
    sa.Column('source', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['township_id'], ['zone.id'], name=op.f('fk_village_township_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_village')),
    sa.UniqueConstraint('district_code', 'code', name=op.f('uq_village_district_code_code'))
    )
    with op.batch_alter_table('village', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_village_township_id'), ['township_id'], unique=False)

    op.create_table('appointment',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('zone_id', sa.Integer(), nullable=True),
    sa.Column('enterprise_id', sa.Integer(), nullable=True),
    sa.Column('leader_id', sa.Integer(), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("role IN ('district_leader', 'liaison', 'bureau', 'committee_office', 'township', 'industry_department', 'enforcement', 'consultant', 'butler', 'village_cadre', 'environment_director', 'display')", name=op.f('ck_appointment_role_in_set')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_appointment_span')),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], name=op.f('fk_appointment_enterprise_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['leader_id'], ['person.id'], name=op.f('fk_appointment_leader_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_appointment_person_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_appointment_unit_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['zone_id'], ['zone.id'], name=op.f('fk_appointment_zone_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appointment'))
    )
    with op.batch_alter_table('appointment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appointment_enterprise_id'), ['enterprise_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appointment_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_appointment_role_valid', ['role', 'valid_to'], unique=False)

    op.create_table('enterprise_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('zone_id', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('enterprise_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], name=op.f('fk_enterprise_link_enterprise_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['zone_id'], ['zone.id'], name=op.f('fk_enterprise_link_zone_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enterprise_link'))
    )
    with op.batch_alter_table('enterprise_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enterprise_link_enterprise_id'), ['enterprise_id'], unique=False)
        batch_op.create_index('ix_enterprise_link_zone', ['zone_id', 'valid_to', 'enterprise_id'], unique=False)

    op.create_table('industry_standard',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('industry_id', sa.Integer(), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_industry_standard_span')),
    sa.ForeignKeyConstraint(['department_id'], ['unit.id'], name=op.f('fk_industry_standard_department_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['industry_id'], ['industry.id'], name=op.f('fk_industry_standard_industry_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_industry_standard'))
    )
    with op.batch_alter_table('industry_standard', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_industry_standard_industry_id'), ['industry_id'], unique=False)

    op.create_table('notice',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('issuer_id', sa.Integer(), nullable=False),
    sa.Column('enterprise_id', sa.Integer(), nullable=True),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.CheckConstraint("kind IN ('district', 'township')", name=op.f('ck_notice_kind_in_set')),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], name=op.f('fk_notice_enterprise_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['issuer_id'], ['unit.id'], name=op.f('fk_notice_issuer_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('district_code', 'number', name=op.f('uq_notice_district_code_number'))
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_enterprise_id'), ['enterprise_id'], unique=False)

    op.create_table('sign_in',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_sign_in_account_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_sign_in'))
    )
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_account_id'), ['account_id'], unique=False)

    op.create_table('issue',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('lon', sa.Float(), nullable=True),
    sa.Column('lat', sa.Float(), nullable=True),
    sa.Column('cell', sa.BigInteger(), nullable=True),
    sa.Column('township_id', sa.Integer(), nullable=True),
    sa.Column('primary_zone_id', sa.Integer(), nullable=True),
    sa.Column('key_zone_ids', sa.String(length=200), nullable=False),
    sa.Column('distance_m', sa.Float(), nullable=False),
    sa.Column('number', sa.String(length=16), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('description', sa.Text(), nullable=True),
    sa.Column('stage', sa.String(length=32), nullable=False),
    sa.Column('severity', sa.String(length=32), nullable=False),
    sa.Column('category', sa.String(length=32), nullable=False),
    sa.Column('check_area', sa.String(length=32), nullable=True),
    sa.Column('term', sa.String(length=32), nullable=True),
    sa.Column('sign_off_level', sa.String(length=32), nullable=False),
    sa.Column('source', sa.String(length=32), nullable=False),
    sa.Column('source_number', sa.String(length=80), nullable=True),
    sa.Column('source_document', sa.String(), nullable=True),
    sa.Column('source_due_on', sa.Date(), nullable=True),
    sa.Column('source_key', sa.String(length=80), nullable=True),
    sa.Column('enterprise_id', sa.Integer(), nullable=True),
    sa.Column('industry_id', sa.Integer(), nullable=True),
    sa.Column('standard_id', sa.Integer(), nullable=True),
    sa.Column('place', sa.String(), nullable=True),
    sa.Column('finder_id', sa.Integer(), nullable=True),
    sa.Column('finder_unit_id', sa.Integer(), nullable=True),
    sa.Column('lead_unit_id', sa.Integer(), nullable=True),
    sa.Column('person_in_charge_id', sa.Integer(), nullable=True),
    sa.Column('rectifier_id', sa.Integer(), nullable=True),
    sa.Column('checker_id', sa.Integer(), nullable=True),
    sa.Column('signer_id', sa.Integer(), nullable=True),
    sa.Column('enforcement_unit_id', sa.Integer(), nullable=True),
    sa.Column('merged_into_id', sa.Integer(), nullable=True),
    sa.Column('requirement', sa.Text(), nullable=True),
    sa.Column('measures', sa.Text(), nullable=True),
    sa.Column('found_on', sa.Date(), nullable=False),
    sa.Column('confirmed_on', sa.Date(), nullable=True),
    sa.Column('ledgered_on', sa.Date(), nullable=True),
    sa.Column('handed_over_on', sa.Date(), nullable=True),
    sa.Column('measures_on', sa.Date(), nullable=True),
    sa.Column('checked_on', sa.Date(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('confirm_due_on', sa.Date(), nullable=True),
    sa.Column('rectify_due_on', sa.Date(), nullable=True),
    sa.Column('check_due_on', sa.Date(), nullable=True),
    sa.Column('review_due_on', sa.Date(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('is_unproven', sa.Boolean(), nullable=False),
    sa.CheckConstraint("category IN ('dust', 'exhaust_gas', 'odour', 'wastewater', 'oily_water', 'solid_waste', 'hazardous_waste', 'noise', 'ecology', 'management')", name=op.f('ck_issue_category_in_set')),
    sa.CheckConstraint("check_area IN ('procedures', 'site', 'monitoring', 'records')", name=op.f('ck_issue_check_area_in_set')),
    sa.CheckConstraint("severity IN ('minor', 'major', 'severe')", name=op.f('ck_issue_severity_in_set')),
    sa.CheckConstraint("sign_off_level IN ('township', 'department', 'bureau', 'above')", name=op.f('ck_issue_sign_off_level_in_set')),
    sa.CheckConstraint("source IN ('central_inspection', 'provincial_inspection', 'city_hand_over', 'hotline_12345', 'hotline_12369', 'instruction', 'enforcement', 'consultant', 'butler', 'cadre', 'township_patrol', 'self_check', 'monitoring')", name=op.f('ck_issue_source_in_set')),
    sa.CheckConstraint("stage IN ('discovered', 'confirmed', 'ledgered', 'rectifying', 'supervised', 'closed', 'long_term', 'refused', 'merged')", name=op.f('ck_issue_stage_in_set')),
    sa.CheckConstraint("term IN ('at_once', 'limited', 'long_term')", name=op.f('ck_issue_term_in_set')),
    sa.ForeignKeyConstraint(['checker_id'], ['person.id'], name=op.f('fk_issue_checker_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['enforcement_unit_id'], ['unit.id'], name=op.f('fk_issue_enforcement_unit_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], name=op.f('fk_issue_enterprise_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['finder_id'], ['person.id'], name=op.f('fk_issue_finder_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['finder_unit_id'], ['unit.id'], name=op.f('fk_issue_finder_unit_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['industry_id'], ['industry.id'], name=op.f('fk_issue_industry_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['lead_unit_id'], ['unit.id'], name=op.f('fk_issue_lead_unit_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['merged_into_id'], ['issue.id'], name=op.f('fk_issue_merged_into_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['person_in_charge_id'], ['person.id'], name=op.f('fk_issue_person_in_charge_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['primary_zone_id'], ['zone.id'], name=op.f('fk_issue_primary_zone_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['rectifier_id'], ['person.id'], name=op.f('fk_issue_rectifier_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['signer_id'], ['person.id'], name=op.f('fk_issue_signer_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['standard_id'], ['industry_standard.id'], name=op.f('fk_issue_standard_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['township_id'], ['zone.id'], name=op.f('fk_issue_township_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_issue')),
    sa.UniqueConstraint('district_code', 'number', name=op.f('uq_issue_district_code_number'))
    )
    with op.batch_alter_table('issue', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_issue_closed_on'), ['closed_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_issue_enterprise_id'), ['enterprise_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_issue_finder_unit_id'), ['finder_unit_id'], unique=False)
        batch_op.create_index('ix_issue_found', ['found_on', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_issue_industry_id'), ['industry_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_issue_lead_unit_id'), ['lead_unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_issue_person_in_charge_id'), ['person_in_charge_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_issue_primary_zone_id'), ['primary_zone_id'], unique=False)
        batch_op.create_index('ix_issue_source_key', ['source_key'], unique=False)
        batch_op.create_index('ix_issue_stage_due', ['stage', 'due_on'], unique=False)
        batch_op.create_index('ix_issue_township_stage', ['township_id', 'stage'], unique=False)

    op.create_table('evidence',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('issue_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('media_type', sa.String(length=80), nullable=False),
    sa.Column('size_bytes', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=True),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('before', 'after', 'document')", name=op.f('ck_evidence_kind_in_set')),
    sa.ForeignKeyConstraint(['added_by_id'], ['person.id'], name=op.f('fk_evidence_added_by_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_evidence_issue_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence'))
    )
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evidence_issue_id'), ['issue_id'], unique=False)
        batch_op.create_index('ix_evidence_sha256', ['sha256'], unique=False)

    op.create_table('issue_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('zone_id', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('issue_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_issue_link_issue_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['zone_id'], ['zone.id'], name=op.f('fk_issue_link_zone_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_issue_link'))
    )
    with op.batch_alter_table('issue_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_issue_link_issue_id'), ['issue_id'], unique=False)
        batch_op.create_index('ix_issue_link_zone', ['zone_id', 'valid_to', 'issue_id'], unique=False)

    op.create_table('issue_unit',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('issue_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_issue_unit_issue_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_issue_unit_unit_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_issue_unit')),
    sa.UniqueConstraint('issue_id', 'unit_id', name=op.f('uq_issue_unit_issue_id_unit_id'))
    )
    with op.batch_alter_table('issue_unit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_issue_unit_unit_id'), ['unit_id'], unique=False)

    op.create_table('notice_issue',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('issue_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_notice_issue_issue_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_notice_issue_notice_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_issue')),
    sa.UniqueConstraint('notice_id', 'issue_id', name=op.f('uq_notice_issue_notice_id_issue_id'))
    )
    with op.batch_alter_table('notice_issue', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_issue_issue_id'), ['issue_id'], unique=False)

    _forbid_changes_of_events()


def downgrade() -> None:
    with op.batch_alter_table('notice_issue', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_issue_issue_id'))

    op.drop_table('notice_issue')
    with op.batch_alter_table('issue_unit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_issue_unit_unit_id'))

    op.drop_table('issue_unit')
    with op.batch_alter_table('issue_link', schema=None) as batch_op:
        batch_op.drop_index('ix_issue_link_zone')
        batch_op.drop_index(batch_op.f('ix_issue_link_issue_id'))

    op.drop_table('issue_link')
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.drop_index('ix_evidence_sha256')
        batch_op.drop_index(batch_op.f('ix_evidence_issue_id'))

    op.drop_table('evidence')
    with op.batch_alter_table('issue', schema=None) as batch_op:
        batch_op.drop_index('ix_issue_township_stage')
        batch_op.drop_index('ix_issue_stage_due')
        batch_op.drop_index('ix_issue_source_key')
        batch_op.drop_index(batch_op.f('ix_issue_primary_zone_id'))
        batch_op.drop_index(batch_op.f('ix_issue_person_in_charge_id'))
        batch_op.drop_index(batch_op.f('ix_issue_lead_unit_id'))
        batch_op.drop_index(batch_op.f('ix_issue_industry_id'))
        batch_op.drop_index('ix_issue_found')
        batch_op.drop_index(batch_op.f('ix_issue_finder_unit_id'))
        batch_op.drop_index(batch_op.f('ix_issue_enterprise_id'))
        batch_op.drop_index(batch_op.f('ix_issue_closed_on'))

    op.drop_table('issue')
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_account_id'))

    op.drop_table('sign_in')
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_enterprise_id'))

    op.drop_table('notice')
    with op.batch_alter_table('industry_standard', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_industry_standard_industry_id'))

    op.drop_table('industry_standard')
    with op.batch_alter_table('enterprise_link', schema=None) as batch_op:
        batch_op.drop_index('ix_enterprise_link_zone')
        batch_op.drop_index(batch_op.f('ix_enterprise_link_enterprise_id'))

    op.drop_table('enterprise_link')
    with op.batch_alter_table('appointment', schema=None) as batch_op:
        batch_op.drop_index('ix_appointment_role_valid')
        batch_op.drop_index(batch_op.f('ix_appointment_person_id'))
        batch_op.drop_index(batch_op.f('ix_appointment_enterprise_id'))

    op.drop_table('appointment')
    with op.batch_alter_table('village', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_village_township_id'))

    op.drop_table('village')
    op.drop_table('unit')
    with op.batch_alter_table('outline', schema=None) as batch_op:
        batch_op.drop_index('ix_outline_zone_valid')

    op.drop_table('outline')
    with op.batch_alter_table('enterprise', schema=None) as batch_op:
        batch_op.drop_index('ix_enterprise_township')
        batch_op.drop_index('ix_enterprise_source_key')
        batch_op.drop_index(batch_op.f('ix_enterprise_primary_zone_id'))
        batch_op.drop_index('ix_enterprise_name')
        batch_op.drop_index(batch_op.f('ix_enterprise_industry_id'))

    op.drop_table('enterprise')
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.drop_index('ix_assignment_zone_valid')
        batch_op.drop_index(batch_op.f('ix_assignment_person_id'))

    op.drop_table('assignment')
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_person_id'))

    op.drop_table('account')
    op.drop_table('zone')
    op.drop_table('sign_in_attempt')
    op.drop_table('person')
    with op.batch_alter_table('issue_tally', schema=None) as batch_op:
        batch_op.drop_index('ix_issue_tally_zero', sqlite_where=sa.text('n = 0'), postgresql_where=sa.text('n = 0'))

    op.drop_table('issue_tally')
    op.drop_table('industry')
    with op.batch_alter_table('flow_tally', schema=None) as batch_op:
        batch_op.drop_index('ix_flow_tally_zero', sqlite_where=sa.text('n = 0'), postgresql_where=sa.text('n = 0'))

    op.drop_table('flow_tally')
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_index('ix_event_subject')
        batch_op.drop_index('ix_event_stage_at')

    op.drop_table('event')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP FUNCTION forbid_event_change()')
    op.drop_table('district')
    op.drop_table('counter')
    op.drop_table('chain_head')
    with op.batch_alter_table('cell_tally', schema=None) as batch_op:
        batch_op.drop_index('ix_cell_tally_zero', sqlite_where=sa.text('n = 0'), postgresql_where=sa.text('n = 0'))

    op.drop_table('cell_tally')


_REFUSAL = "events are never changed or removed"


def _forbid_changes_of_events() -> None:
    """Events are append-only, whoever holds the connection."""
    if op.get_bind().dialect.name == "sqlite":
        # REPLACE removes the old row without firing a DELETE trigger: an insert must not meet one.
        taken = "WHEN EXISTS (SELECT 1 FROM event WHERE seq = NEW.seq)"
        for change, when in (("UPDATE", ""), ("DELETE", ""), ("INSERT", taken)):
            op.execute(
                f"CREATE TRIGGER event_no_{change.lower()} BEFORE {change} ON event {when} "
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION forbid_event_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER event_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON event "
        "FOR EACH STATEMENT EXECUTE FUNCTION forbid_event_change()"
    )
