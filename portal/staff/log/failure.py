from portal.languages.words import Words


def failure_words(failure: str, words: Words) -> str:
    """Why a message failed, in a sentence; what the provider said stands in it as it came."""
    if failure == "could not be written":
        return words.gettext("It could not be put into words. Please check the text in the settings.")
    if not failure:
        return words.gettext("It did not arrive.")
    return words.gettext("It was refused: “%(said)s”", said=failure)
