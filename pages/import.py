"""Import: ledgers of enterprises and issues and layers of zones, previewed before anything is stored."""

import streamlit as st

from dashboard.i18n import _
from dashboard.screen import import_parts
from dashboard.screen.errors import REFUSALS, show_refusal
from dashboard.screen.visit import visit
from dashboard.services.import_orders import is_refused

here = visit()
st.text(_("Nothing is stored before you have seen the preview. The same file twice changes nothing."))

order = None
try:
    order = import_parts.order_form(here)
except REFUSALS as refusal:
    show_refusal(refusal)
if order is None:
    st.caption(_("Choose what to import and a file. Known forms of headers, dates and coordinates are read."))
    st.stop()

report = None
try:
    with st.spinner(_("Reading the file")):
        report = import_parts.preview(here, order)
except REFUSALS as refusal:
    show_refusal(refusal)
if report is None:
    st.stop()

import_parts.show_report(here, order, report)
stands_in_the_way = is_refused(order, report.errors)
if stands_in_the_way:
    st.warning(_("Rows are refused, so nothing would be stored. Mend them, or import the good rows only."))

nothing_new = report.imported + report.changed == 0
if st.button(_("Import now"), type="primary", disabled=stands_in_the_way or nothing_new):
    try:
        done = import_parts.store(here, order)
        st.success(_("Stored: {new} new, {changed} changed.", new=done.imported, changed=done.changed))
    except REFUSALS as refusal:
        show_refusal(refusal)
elif nothing_new and not report.errors:
    st.info(_("Everything in this file is stored already."))
