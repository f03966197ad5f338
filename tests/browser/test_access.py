# SPDX-License-Identifier: Apache-2.0
"""Everybody can use the page: by keyboard, by ear, by day and by night."""

import re

import pytest
from page import FED, PASSWORD
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

def press(page, *keys):
    ActionChains(page.driver).send_keys(*keys).perform()


def focused(page):
    return page.run(
        "const e = document.activeElement;"
        "return e === document.body ? '' : e.id || e.textContent.trim()"
    )


def tab_to(page, wanted, limit=25):
    """Tabs on until `wanted` has the focus, which must be seen wherever it goes."""
    for _ in range(limit):
        press(page, Keys.TAB)
        if not focused(page):
            continue  # Past the last element and around.
        seen = page.run(
            "const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);"
            "return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2"
        )
        assert seen, f"the focus on {focused(page)!r} cannot be seen"
        if focused(page) == wanted:
            return
    raise AssertionError(f"{wanted!r} is not reached by the tabulator key")


def test_everything_can_be_done_with_the_keyboard_alone(open_page, new_name):
    page = open_page()
    name = new_name()
    tab_to(page, "register-username")
    press(page, name, Keys.TAB, f"{name}@example.org", Keys.TAB, PASSWORD, Keys.ENTER)
    page.wait_for("!document.getElementById('player').hidden", 10)
    assert focused(page) == "complete", "after logging in the focus is where the play is"
    press(page, Keys.ENTER)
    page.wait_for("document.querySelector('.toast.award')")
    page.find("body").click()
    tab_to(page, "logout")
    press(page, Keys.SPACE)
    page.wait_for("!document.getElementById('welcome').hidden")
    tab_to(page, "I have a name")
    press(page, Keys.ENTER)
    tab_to(page, "login-username")
    press(page, name, Keys.TAB, PASSWORD, Keys.ENTER)
    page.wait_for("!document.getElementById('player').hidden", 10)
    assert page.text("#player-title") == name


def test_what_is_wrong_with_a_field_is_said_at_the_field(open_page, new_name):
    page = open_page()
    name = new_name()
    page.find("#register-username").send_keys(name)
    page.find("#register-email").send_keys("no address")
    page.find("#register-password").send_keys("short")
    page.find("#register [type=submit]").click()
    assert "mail address" in page.text("#register-email-error")
    assert page.text("#register-password-error") == "The password needs at least 8 characters."
    assert page.text("#register-username-error") == ""
    assert focused(page) == "register-email", "the first wrong field has the focus"
    assert page.run("return document.querySelectorAll('#register [aria-invalid=true]').length") == 2

    for field, text in (("email", f"{name}@example.org"), ("password", PASSWORD)):
        page.find(f"#register-{field}").clear()
        page.find(f"#register-{field}").send_keys(text)
    assert page.text("#register-password-error") == "", "a complaint outlives its cause"
    page.find("#register [type=submit]").click()
    page.wait_for("!document.getElementById('player').hidden", 10)
    page.find("#logout").click()

    page.wait_for("!document.getElementById('welcome').hidden")
    page.find("[data-form=register]").click()
    page.find("#register-username").send_keys(name.upper())
    page.find("#register-email").send_keys(f"other-{name}@example.org")
    page.find("#register-password").send_keys(PASSWORD)
    page.find("#register [type=submit]").click()
    page.wait_for("document.getElementById('register-username-error').textContent", 10)
    assert "taken" in page.text("#register-username-error")
    assert focused(page) == "register-username"


def test_a_wrong_password_is_told_without_telling_which_half_is_wrong(open_page, new_name):
    page = open_page()
    page.find("[data-form=login]").click()
    page.find("#login-username").send_keys(new_name())
    page.find("#login-password").send_keys(PASSWORD)
    page.find("#login [type=submit]").click()
    page.wait_for("document.querySelector('#login .form-error').textContent", 10)
    assert page.text("#login .form-error") == "No player has this name and password."


def test_the_page_can_be_understood_by_ear(open_page):
    page = open_page()
    page.wait_for_state("live", "fallback", "polling")
    faults = page.run(
        """
        const faults = [];
        const all = (selector) => [...document.querySelectorAll(selector)];
        if (all('h1').length !== 1) faults.push('not one h1');
        if (document.documentElement.lang !== 'en') faults.push('no language');
        if (all('main').length !== 1) faults.push('not one main');
        const caption = document.querySelector('table > caption');
        if (!caption?.textContent.trim()) faults.push('no caption');
        for (const th of all('table th')) if (!th.scope) faults.push('a header without scope');
        for (const input of all('input')) {
          if (!input.labels.length) faults.push(`${input.id} has no label`);
          if (input.type !== 'checkbox' && !input.autocomplete) faults.push(`${input.id}: no hint`);
        }
        for (const element of all('[aria-describedby], [aria-labelledby]')) {
          const named = ['aria-describedby', 'aria-labelledby'].map((a) => element.getAttribute(a));
          for (const id of named.filter(Boolean).join(' ').split(' ')) {
            if (!document.getElementById(id)) faults.push(`no ${id}`);
          }
        }
        for (const element of all('button, a')) {
          if (!element.textContent.trim()) faults.push(`a ${element.tagName} without words`);
        }
        const ids = all('[id]').map((element) => element.id);
        if (new Set(ids).size !== ids.length) faults.push('an id is there twice');
        if (all('[tabindex]').length) faults.push('an order of its own');
        const levels = all('h1, h2, h3').map((heading) => Number(heading.tagName[1]));
        if (levels.some((level, at) => level > (levels[at - 1] ?? 0) + 1)) {
          faults.push('a heading level is left out');
        }
        for (const row of all('#board tbody tr[data-rank]')) {
          const spoken = row.querySelector('td.score .spoken').textContent.replaceAll(',', '');
          if (spoken !== row.dataset.score) faults.push('a score is not read as it is seen');
        }
        return faults;
        """
    )
    assert faults == []


# The contrast of every text that is seen against what is painted behind it (WCAG 2.1, 1.4.3).
CONTRAST = """
  const parse = (text) => {
    const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
    return text.startsWith('color(') ? [r * 255, g * 255, b * 255, a] : [r, g, b, a];
  };
  const over = (top, below) =>
    [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const light = (color) => [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
    const c = color[i] / 255;
    return sum + weight * (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  }, 0);
  const behind = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      layers.push(parse(getComputedStyle(e).backgroundColor));
    }
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
  };
  const faults = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !element.checkVisibility()) continue;
    if (element.closest('.spoken, [aria-disabled=true], noscript')) continue;
    const style = getComputedStyle(element);
    const ground = behind(element);
    const ink = over(parse(style.color), ground);
    const [a, b] = [light(ink), light(ground)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) faults.push(`${element.textContent}: ${ratio.toFixed(2)}`);
  }
  return faults;
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_and_the_colour_scheme_is_followed(open_page, new_name, scheme, tmp_path):
    page = open_page()
    page.prefer(color_scheme=scheme)
    assert page.run(CONTRAST) == []
    page.find("#register [type=submit]").click()
    assert page.run(CONTRAST) == [], "the complaints"
    page.register(new_name())
    page.play()
    assert page.run(CONTRAST) == [], "the player's side"
    ground = page.run("return getComputedStyle(document.documentElement).backgroundColor")
    brightness = sum(int(part) for part in re.findall(r"\d+", ground)[:3]) / 3
    assert (brightness > 200) if scheme == "light" else (brightness < 40), ground
    picture = tmp_path / f"board-{scheme}.png"
    assert page.driver.save_screenshot(str(picture))
    assert picture.stat().st_size > 10_000
    page.driver.get(page.url + "/problems")
    assert page.run(CONTRAST) == [], "the page of problems"


def test_announcements_are_sentences_five_seconds_apart(open_page):
    page = open_page(before=FED)
    page.wait_for("'feed' in window")
    page.run(
        """
        window.told = [];
        new MutationObserver(() => window.told.push(
          [performance.now(), document.getElementById('news').textContent]))
          .observe(document.getElementById('news'), { childList: true, characterData: true });
        let version = 10 ** 9;
        let names = ['Ana', 'Bo', 'Cy', 'Di'];
        feed(version, names);
        setInterval(() => { names = [...names.slice(1), names[0]]; feed(++version, names); }, 190);
        """
    )
    told = page.wait_for("window.told.length >= 3 && window.told", 20)
    gaps = [later[0] - earlier[0] for earlier, later in zip(told, told[1:])]
    assert all(gap >= 4900 for gap in gaps), gaps
    sentence = re.compile(
        r"(Ana|Bo|Cy|Di) (takes the lead|enters the board at (1st|2nd|3rd|4th)"
        r"|moves to (2nd|3rd|4th)|leads with [\d,]+ points)\."
    )
    for _, text in told:
        assert sentence.match(text), text
        assert text.count(".") <= 2, text
