"""Reading of ledgers: table files in, frozen rows and refusals by row out."""
