"""The doors of the help: its contents, which can be searched, and each article."""

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from portal.help.articles import FOR_CLIENTS, FOR_PRACTICES, articles, find_article
from portal.help.search import LONGEST, search
from portal.web.given import AnyRequest, TheViewer


@get("/help")
async def show_help(request: AnyRequest, viewer: TheViewer) -> Template:
    """`q` is what is looked for."""
    asked = " ".join(request.query_params.get("q", "").replace("\0", "").split())[:LONGEST]
    language = viewer.words.language
    told = articles(language)
    return viewer.page(
        "help/contents.html",
        asked=asked,
        query={"q": asked} if asked else {},
        found=search(asked, language) if asked else [],
        for_clients=[told[name] for name in FOR_CLIENTS],
        for_practices=[told[name] for name in FOR_PRACTICES],
        longest=LONGEST,
    )


@get("/help/{name:str}")
async def show_article(viewer: TheViewer, name: FromPath[str]) -> Template:
    language = viewer.words.language
    article = find_article(name, language)
    if article is None:
        raise NotFoundException
    told = articles(language)
    group = FOR_CLIENTS if name in FOR_CLIENTS else FOR_PRACTICES
    return viewer.page(
        "help/article.html",
        article=article,
        others=[told[each] for each in group],
        for_practices=group is FOR_PRACTICES,
        longest=LONGEST,
    )


PAGES = [show_help, show_article]
