"""What a new district begins with: the model's sixteen industries, typical departments and standards, to be edited."""

from dashboard.demo.cast import add_departments
from dashboard.demo.layers import add_industries
from db.unit_of_work import UnitOfWork


def add_starter(work: UnitOfWork) -> int:
    """Add the industries of the model, each with the department that typically answers for it and its standard.

    Returns
    -------
    int
        Number of industries. Names and departments are typical ones (see the data's ``named_in_source``).
    """
    return len(add_industries(work, add_departments(work), valid_from=work.today))
