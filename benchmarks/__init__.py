"""Measurements of this product beside plain ways of doing the same, as ratios; ``make bench`` runs them."""
