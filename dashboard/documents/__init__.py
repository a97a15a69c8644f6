"""Official documents and office sheets: from data to files that Word, a PDF reader and a table program open."""
