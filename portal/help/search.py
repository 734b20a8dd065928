"""Articles by what they say: every word must begin a word of theirs, whatever its accents."""

import re
from dataclasses import dataclass

from portal.help.articles import Article, articles
from portal.help.folding import folded, folded_places

LONGEST = 100
MOST_WORDS = 8
_AROUND = 90
_IN_TITLE, _IN_HEADING, _IN_TEXT = 100, 10, 1


@dataclass(frozen=True, slots=True)
class Found:
    """`excerpt` are pieces of one passage; every second one is what was asked for."""

    article: Article
    excerpt: tuple[str, ...]


def search(asked: str, language: str) -> list[Found]:
    """The best first; none for a question without a letter or digit."""
    typed = dict.fromkeys(re.findall(r"\w+", folded(asked[:LONGEST])))
    words = ([word for word in typed if len(word) > 1] or list(typed))[:MOST_WORDS]  # « d’attente » is about waiting
    if not words:
        return []
    scored = [(_score(article, words), article) for article in articles(language).values()]
    best = sorted((each for each in scored if each[0]), key=lambda each: -each[0])
    return [Found(article, _excerpt(article, words)) for _, article in best]


def _score(article: Article, words: list[str]) -> int:
    """0 unless it has all of the words; a whole word counts twice."""
    headings = " ".join(title for _, title in article.chapters)
    places = ((article.title, _IN_TITLE), (headings, _IN_HEADING), (" ".join(article.parts), _IN_TEXT))
    told = [(re.findall(r"\w+", folded(text)), weight) for text, weight in places]
    scores = [
        sum(weight * (1 + (each == word)) for text, weight in told for each in text if each.startswith(word))
        for word in words
    ]
    return sum(scores) if all(scores) else 0


def _excerpt(article: Article, words: list[str]) -> tuple[str, ...]:
    """Of the part that has most of the words, the first ones; its beginning where only the title has them."""
    wanted = re.compile("|".join(_begins(word).pattern for word in words))
    counted = [len({match[0] for match in wanted.finditer(folded(part))}) for part in article.parts]
    part = article.parts[counted.index(max(counted))]
    text, places = folded_places(part)
    spans = [(places[match.start()], places[match.end() - 1] + 1) for match in wanted.finditer(text)]
    begins = _word_begin(part, max(spans[0][0] - _AROUND, 0)) if spans else 0
    ends = _word_end(part, min(begins + 2 * _AROUND, len(part)))
    pieces, at = [], begins
    for start, end in spans:
        if begins <= start and end <= ends:
            pieces += [part[at:start], part[start:end]]
            at = end
    pieces.append(part[at:ends])
    pieces[0] = ("… " if begins else "") + pieces[0]
    pieces[-1] += " …" if ends < len(part) else ""
    return tuple(pieces)


def _begins(word: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(word)}\w*")


def _word_begin(text: str, at: int) -> int:
    return text.rfind(" ", 0, at) + 1 if at else 0


def _word_end(text: str, at: int) -> int:
    end = text.find(" ", at)
    return end if end >= 0 else len(text)
