"""The reader's language and formats: catalogues, the choice of a language, dates, times and money in words.

No page, no message and no rule lives here, and nothing here knows who the reader is.
"""
