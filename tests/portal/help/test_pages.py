import re

import pytest

from portal.help.articles import NAMES, articles
from portal.languages.words import offered_languages
from tests.browser import Browser


async def test_contents_list_every_article_and_lead_there(browser: Browser) -> None:
    await browser.get("/help")

    assert re.findall(r'<h3><a href="/help/([a-z-]+)">', browser.page.text) == list(NAMES)


@pytest.mark.parametrize("language", offered_languages())
async def test_articles_are_read_in_the_reader_s_language(browser: Browser, language: str) -> None:
    told = articles(language)

    for name in NAMES:
        await browser.get(f"/help/{name}", headers={"accept-language": language})
        assert browser.page.status_code == 200
        assert f"<h1>{told[name].title}</h1>" in browser.text


async def test_chapters_lead_to_their_headings(browser: Browser) -> None:
    await browser.get("/help/start")

    anchors = re.findall(r'<a class="target" href="#([a-z-]+)">', browser.page.text)
    assert len(anchors) > 3
    assert anchors == re.findall(r'<h2 id="([a-z-]+)">', browser.page.text)[: len(anchors)]


async def test_search_needs_no_script_and_says_when_there_is_nothing(browser: Browser) -> None:
    await browser.get("/help?q=passw%C3%B6rd")
    found = re.findall(r'<h3><a href="/help/([a-z-]+)">', browser.page.text), "<mark>password</mark>" in browser.text
    await browser.get("/help?q=%3Cscript%3Egiraffe&lang=en")

    assert ("sign-in" in found[0], found[1]) == (True, True)
    assert "Nothing about “<script>giraffe”" in browser.text
    assert "<script>giraffe" not in browser.page.text
    assert 'href="/help?q=%3Cscript%3Egiraffe&amp;lang=fr"' in browser.page.text


async def test_article_that_is_not_there_is_not_found(browser: Browser) -> None:
    for name in ("nope", "..%2Fen%2Fstart", "start.md", "%00"):
        assert (await browser.get(f"/help/{name}")).status_code == 404


async def test_every_page_leads_to_the_help(browser: Browser) -> None:
    for page in ("/", "/p/harbour", "/sign-in", "/help", "/nowhere"):
        await browser.get(page)
        assert 'href="/help"' in browser.page.text, page
