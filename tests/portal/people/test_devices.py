import pytest

from portal.people.devices import Device, device_family, read_device, read_hints

WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Mobile Safari/537.36"
)
SAMSUNG = (
    "Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 "
    "Chrome/121.0.0.0 Mobile Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)
IPAD = (
    "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/16.6 Mobile/15E148 Safari/604.1"
)
MAC = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Safari/605.1.15"
)
UBUNTU = "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
ANDROID_FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"
CHROMEBOOK = (
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36"
)
WINDOWS_7 = "Mozilla/5.0 (Windows NT 6.1; Win64; x64; rv:115.0) Gecko/20100101 Firefox/115.0"

CHROME_BRANDS = '"Chromium";v="128.0.6613.84", "Not;A=Brand";v="24.0.0.0", "Google Chrome";v="128.0.6613.84"'
EDGE_BRANDS = '"Not)A;Brand";v="99.0.0.0", "Microsoft Edge";v="127.0.2651.74", "Chromium";v="127.0.6533.73"'
BARE_BRANDS = '"Not/A)Brand";v="8.0.0.0", "Chromium";v="126.0.6478.26"'


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (WINDOWS, Device("computer", "", "Windows", "Chrome 128")),
        (WINDOWS_7, Device("computer", "", "Windows 7", "Firefox 115")),
        (ANDROID, Device("phone", "", "Android", "Chrome 128")),
        (ANDROID_FIREFOX, Device("phone", "", "Android 14", "Firefox 130")),
        (SAMSUNG, Device("phone", "Samsung SM-S911B", "Android 14", "Samsung Internet 25")),
        (IPHONE, Device("phone", "iPhone", "iOS 17.5", "Safari 17")),
        (IPAD, Device("tablet", "iPad", "iOS 16.6", "Safari 16")),
        (MAC, Device("computer", "Mac", "macOS", "Safari 17")),
        (UBUNTU, Device("computer", "", "Ubuntu", "Firefox 130")),
        (CHROMEBOOK, Device("computer", "", "ChromeOS", "Chrome 128")),
        ("", Device("", "", "", "")),
        ("something of its own", Device("", "", "", "")),
    ],
)
def test_user_agent_tells_what_it_can(user_agent: str, device: Device) -> None:
    assert read_device(user_agent, {}) == device


@pytest.mark.parametrize(
    ("user_agent", "platform", "version", "model", "brands", "device"),
    [
        (WINDOWS, "Windows", "15.0.0", "", CHROME_BRANDS, Device("computer", "", "Windows 11", "Chrome 128")),
        (WINDOWS, "Windows", "13.0.0", "", EDGE_BRANDS, Device("computer", "", "Windows 11", "Edge 127")),
        (WINDOWS, "Windows", "10.0.0", "", CHROME_BRANDS, Device("computer", "", "Windows 10", "Chrome 128")),
        (WINDOWS, "Windows", "0.3.0", "", CHROME_BRANDS, Device("computer", "", "Windows", "Chrome 128")),
        (
            ANDROID,
            "Android",
            "14.0.0",
            "Pixel 8",
            CHROME_BRANDS,
            Device("phone", "Pixel 8", "Android 14", "Chrome 128"),
        ),
        (MAC, "macOS", "15.3.1", "", CHROME_BRANDS, Device("computer", "Mac", "macOS 15", "Chrome 128")),
        (UBUNTU, "Linux", "", "", BARE_BRANDS, Device("computer", "", "Ubuntu", "Chromium 126")),
        (CHROMEBOOK, "Chrome OS", "16.0", "", CHROME_BRANDS, Device("computer", "", "ChromeOS", "Chrome 128")),
    ],
)
def test_hints_tell_more(user_agent: str, platform: str, version: str, model: str, brands: str, device: Device) -> None:
    headers = {
        "Sec-CH-UA-Platform": f'"{platform}"',
        "Sec-CH-UA-Platform-Version": f'"{version}"',
        "Sec-CH-UA-Model": f'"{model}"',
        "Sec-CH-UA-Full-Version-List": brands,
    }

    assert read_device(user_agent, read_hints(headers)) == device


@pytest.mark.parametrize(
    "sent", ["", '"', '\\"', ";v=", '"a";v="', "\x00", "x" * 5000, '"Not;A=Brand";v="24"', "?1", '"\\', "😀" * 300]
)
def test_hints_that_make_no_sense_are_no_error(sent: str) -> None:
    headers = {
        "Sec-CH-UA-Platform": sent,
        "Sec-CH-UA-Platform-Version": sent,
        "Sec-CH-UA-Model": sent,
        "Sec-CH-UA-Full-Version-List": sent,
    }

    hints = read_hints(headers)
    device = read_device(sent, hints)

    assert all(len(value) <= 256 and value.isprintable() for value in hints.values())
    assert max(len(fact) for fact in (device.model, device.system, device.browser)) <= 60


def test_only_the_beginning_of_a_long_user_agent_is_read() -> None:
    assert read_device("x" * 512 + IPHONE, {}) == Device("", "", "", "")


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        (WINDOWS, "computer/Windows/Chrome"),
        (WINDOWS.replace("128", "140"), "computer/Windows/Chrome"),
        (WINDOWS + " Edg/128.0.0.0", "computer/Windows/Edge"),
        (ANDROID, "phone/Android/Chrome"),
        (SAMSUNG, "phone/Android/Samsung Internet"),
        (IPHONE, "phone/iOS/Safari"),
        (IPHONE.replace("17_5_1", "18_0"), "phone/iOS/Safari"),
        (MAC, "computer/macOS/Safari"),
        ("", "//"),
    ],
)
def test_family_leaves_out_what_an_update_changes(agent: str, family: str) -> None:
    assert device_family(agent) == family


def test_family_fits_its_column_whatever_is_sent() -> None:
    assert max(len(device_family(agent + "x" * 9000)) for agent in ("", WINDOWS, "Odd/")) <= 200
