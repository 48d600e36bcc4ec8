"""The page of `hookproof listen` in Chromium: what it shows, that it works by keyboard and on a phone, and that nothing
a stranger sends becomes a part of it. Pictures of it are left in build/screenshots."""

import http.client
import json
import re
import subprocess
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from listening import ROOT, SECRET, Listening, binary, browser, environment
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

PICTURES = ROOT / "build" / "screenshots"


def text(driver: WebDriver, selector: str) -> str:
    return driver.find_element(By.CSS_SELECTOR, selector).text


def texts(driver: WebDriver, selector: str) -> list[str]:
    return [element.text for element in driver.find_elements(By.CSS_SELECTOR, selector)]


def until(driver: WebDriver, true: Callable[[WebDriver], object]) -> None:
    WebDriverWait(driver, 15, poll_frequency=0.05, ignored_exceptions=[Exception]).until(lambda d: bool(true(d)))


def has(selector: str, words: str) -> Callable[[WebDriver], bool]:
    return lambda driver: words in text(driver, selector)


def choose(driver: WebDriver, number: int) -> None:
    """Clicks on a request, and waits until it is shown."""
    driver.find_element(By.CSS_SELECTOR, f'[data-id="{number}"]').click()
    until(driver, has("#detail .number", f"#{number}"))


def keys(driver: WebDriver, *typed: str) -> None:
    focused: WebElement = driver.switch_to.active_element
    focused.send_keys(*typed)


def focused(driver: WebDriver) -> str:
    return str(driver.execute_script("return document.activeElement.id || document.activeElement.dataset.id || ''"))


def picture(driver: WebDriver, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    assert driver.save_screenshot(str(PICTURES / f"{name}.png"))


def raw_post(address: str, path: str, body: bytes, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
    connection.request("POST", path, body, headers)
    status = connection.getresponse().status
    connection.close()
    return status


def serialised_again(listening: Listening) -> int:
    """A signed webhook whose body a careless server has parsed and written anew."""
    arguments = [str(binary()), "sign", "--sample", "messages-inbound-whatsapp-text", "--format", "json"]
    signed = json.loads(subprocess.run(arguments, check=True, capture_output=True, env=environment()).stdout)
    body = json.dumps(json.loads(signed["body"])).encode()
    assert body.decode() != signed["body"]
    return raw_post(listening.address, "/webhooks/inbound", body, dict(signed["headers"]))


def test_an_empty_page_says_what_to_do_next() -> None:
    with Listening() as listening, browser() as driver:
        driver.get(listening.page)
        until(driver, has("#detail h2", "Nothing has come yet"))
        assert f"hookproof send {listening.address}/webhooks" in text(driver, "#detail pre")
        until(driver, has("#link", "live"))
        assert "#" not in driver.current_url  # the token is taken out of the address
        picture(driver, "empty")


def test_genuine_tampered_and_unsigned_requests_are_seen_as_they_come() -> None:
    with Listening() as listening, browser() as driver:
        driver.get(listening.page)
        until(driver, has("#link", "live"))
        listening.send("--variant", "genuine,tampered,unsigned")
        until(driver, lambda d: len(d.find_elements(By.CSS_SELECTOR, "#requests button")) == 3)
        assert texts(driver, "#requests .badge") == ["refused", "refused", "accepted"]
        assert "3 requests · 1 accepted · 2 refused" in text(driver, "#sums")

        choose(driver, 1)
        assert text(driver, ".verdict h3") == "Accepted"
        outcomes = texts(driver, ".checks .outcome")
        assert len(outcomes) >= 8 and set(outcomes) == {"passed"}
        claims = json.loads(driver.find_element(By.XPATH, "//h3[contains(., 'Claims')]/following-sibling::pre").text)
        assert claims["iss"] == "Vonage" and claims["api_key"] == "a1b2c3d4"
        body = driver.find_element(By.XPATH, "//h3[contains(., 'Body')]/following-sibling::pre").text
        assert json.loads(body)["channel"] == "whatsapp" and '\n  "channel": "whatsapp"' in body
        driver.find_element(By.XPATH, "//button[.='raw']").click()
        until(
            driver,
            lambda d: "\n" not in d.find_element(By.XPATH, "//h3[contains(., 'Body')]/following-sibling::pre").text,
        )
        driver.find_element(By.XPATH, "//summary[starts-with(., 'Event')]").click()
        event = driver.find_element(By.XPATH, "//details[@open]/pre").text
        assert json.loads(event)["record"] == "MessagesInbound"

        choose(driver, 2)
        assert text(driver, ".verdict h3") == "Refused: payload.mismatch"
        assert "failed" in texts(driver, ".checks .outcome")
        choose(driver, 3)
        assert text(driver, ".verdict h3") == "Refused: header.missing"
        assert SECRET not in driver.page_source


def test_requests_are_replayed_and_copied() -> None:
    with Listening() as listening, browser() as driver:
        driver.get(listening.page)
        listening.send()
        until(driver, has("#detail .number", "#1"))
        driver.find_element(By.XPATH, "//button[starts-with(., 'Replay')]").click()
        until(driver, has("#said", "Sent as #2: answered 200"))
        driver.find_element(By.XPATH, "//button[starts-with(., 'Send again')]").click()
        until(driver, has("#said", "Sent as #3: answered 200"))
        until(driver, lambda d: texts(d, "#requests .badge") == ["repeat", "accepted", "accepted"])
        choose(driver, 3)
        assert text(driver, ".verdict h3") == "Refused: replay.duplicate"
        shown = text(driver, "#detail")
        assert re.search(r"jti\s+the same", shown) and re.search(r"body\s+the same", shown)
        grant = {
            "origin": listening.page.split("/#")[0],
            "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"],
        }
        driver.execute_cdp_cmd("Browser.grantPermissions", grant)
        driver.find_element(By.XPATH, "//button[.='Copy as curl']").click()
        until(driver, has("#said", "Copied as curl"))
        copied = driver.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
        assert copied.startswith("curl ") and listening.address in copied


def test_nothing_that_strangers_send_becomes_a_part_of_the_page() -> None:
    evil = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>'
    with Listening() as listening, browser() as driver:
        driver.get(listening.page)
        body = json.dumps({"channel": evil, "message_type": evil, "text": evil, evil: evil}).encode()
        headers = {
            "Content-Type": "application/json",
            "X-Evil": evil,
            "Authorization": "Bearer " + evil.replace(" ", ""),
        }
        assert raw_post(listening.address, "/%3Cscript%3E?" + "x=%3Cb%3E", body, headers) == 401
        until(driver, has("#detail .number", "#1"))
        for summary in driver.find_elements(By.CSS_SELECTOR, "summary"):
            summary.click()
        assert evil in driver.find_element(By.XPATH, "//dt[.='x-evil']/following-sibling::dd").text
        assert driver.find_elements(By.CSS_SELECTOR, "#detail img, #detail script, #requests img, #detail b") == []
        assert driver.execute_script("return window.broken === undefined")


def test_everything_can_be_done_by_keyboard() -> None:
    with Listening() as listening, browser() as driver:
        driver.get(listening.page)
        listening.send("--variant", "genuine,tampered,unsigned")
        until(driver, lambda d: len(d.find_elements(By.CSS_SELECTOR, "#requests button")) == 3)
        choose(driver, 3)
        for key, number in (
            ("j", "2"),
            ("j", "1"),
            ("j", "1"),
            ("k", "2"),
            (Keys.ARROW_UP, "3"),
            (Keys.ARROW_DOWN, "2"),
        ):
            keys(driver, key)
            until(driver, has("#detail .number", f"#{number}"))
            assert focused(driver) == number
        keys(driver, "/")
        assert focused(driver) == "filter"
        keys(driver, "header.missing")
        until(driver, lambda d: len(d.find_elements(By.CSS_SELECTOR, "#requests button")) == 1)
        keys(driver, Keys.CONTROL + "a")
        keys(driver, Keys.DELETE, "nothing like it")
        until(driver, has("#nothing", "No request fits"))
        keys(driver, Keys.CONTROL + "a")
        keys(driver, Keys.DELETE)
        keys(driver, Keys.ESCAPE)
        until(driver, lambda d: len(d.find_elements(By.CSS_SELECTOR, "#requests button")) == 3)
        keys(driver, "r")
        until(driver, has("#said", "Sent as #4: answered 200"))
        # Tab reaches every control, and each has a name.
        names = set()
        driver.execute_script("document.activeElement.blur(); scrollTo(0, 0)")
        for _ in range(60):
            keys(driver, Keys.TAB)
            element = driver.switch_to.active_element
            if element.tag_name != "body":
                assert element.accessible_name or element.tag_name == "pre", element.get_attribute("outerHTML")
                names.add(element.accessible_name)
        assert {"Filter requests", "Verdicts to show", "Clear", "Copy as curl", "Send again as it came"} <= names


@pytest.mark.parametrize(
    ("name", "width", "dark"), [("light", 1280, False), ("dark", 1280, True), ("phone", 390, False)]
)
def test_it_fits_the_screen_in_light_and_dark(name: str, width: int, dark: bool) -> None:
    with Listening() as listening, browser(width, 844 if width < 500 else 860, dark=dark) as driver:
        driver.get(listening.page)
        listening.send(
            "--sample", "voice-answer", "--sample", "verify2-event", "--sample", "messages-status-sms-submitted"
        )
        listening.send("--sample", "messages-inbound-sms-text", "--variant", "genuine,tampered,unsigned,wrong-secret")
        listening.send("--duplicates", "1")
        assert serialised_again(listening) == 503
        listening.send("--sample", "voice-event-answered")
        until(driver, lambda d: len(d.find_elements(By.CSS_SELECTOR, "#requests button")) == 11)
        if width < 500:
            assert not driver.find_element(By.ID, "detail").is_displayed()
            picture(driver, f"{name}-list")
        choose(driver, 10)
        assert "The JSON of the body was serialised again" in text(driver, ".mistakes")
        wide = driver.execute_script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0
        ground = driver.execute_script("return getComputedStyle(document.body).backgroundColor")
        assert (ground == "rgb(21, 22, 20)") is dark
        picture(driver, name)
        if width < 500:
            driver.find_element(By.CSS_SELECTOR, ".back").click()
            until(driver, lambda d: d.find_element(By.ID, "requests").is_displayed())


def test_without_the_token_or_the_server_it_says_so() -> None:
    with Listening() as listening:
        with browser() as driver:
            driver.get(listening.page.split("#")[0])
            until(driver, has("#notice", "no valid token"))
            driver.get_log("browser")  # type: ignore[no-untyped-call]
        with browser() as driver:
            driver.get(listening.page)
            until(driver, has("#link", "live"))
            listening.__exit__()
            until(driver, has("#notice", "does not answer"))
            driver.get_log("browser")  # type: ignore[no-untyped-call]
