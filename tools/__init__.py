"""Small programs for setting up, checking and testing a checkout; the product never imports them."""
