"""A state by any of its names, as the World Bank, the UN, GWF, V-Dem or UCDP write it, or its code.

Two names are the same if they have the same words, in whatever order and however shortened: "Egypt,
Arab Rep." is "Arab Republic of Egypt", "Korea, Dem. People's Rep." is "Democratic People's Republic
of Korea". Nothing is guessed from names that are merely alike. Today's names and codes are those of
ISO 3166 (pycountry); below stands what it does not hold: states that are no more, former names, and
what data sets call states. Where a state took another's place, a name means the one of its day.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import cache

SHORT = {
    "rep": "republic",
    "dem": "democratic",
    "fed": "federated",
    "sts": "states",
    "st": "saint",
    "n": "north",
    "s": "south",
    "e": "east",
    "w": "west",
    "pdr": "peoples democratic republic",
    "dpr": "democratic peoples republic",
    "dr": "democratic republic",
    "fr": "federal republic",
    "sfr": "socialist federal republic",
    "rb": "bolivarian republic",
    "ir": "islamic republic",
    "sar": "special administrative region",
}
IDLE = {"the", "of", "and", "de", "d"}

NAMES = {  # by ISO code, or that of the Correlates of War where ISO has none; parted by semicolons
    "ARE": "UAE; United Arab Emirate",
    "BEN": "Dahomey; DHY",
    "BFA": "Upper Volta; HVO",
    "BIH": "Bosnia",
    "BLR": "Byelorussia; Belorussia; BYS",
    "BRN": "Brunei",
    "CAF": "Cen African Republic; CAR",
    "CHN": "PRC; Communist China",
    "CIV": "Ivory Coast",
    "COG": "Congo Brazzaville; Congo Brz",
    "COD": "Zaire; Republic of Zaire; Congo Kinshasa; Congo Zaire; DRC; ZAR",
    "CPV": "Cape Verde",
    "CSK": "Czechoslovakia; Czechoslovak Socialist Republic",
    "DDR": "East Germany; German Democratic Republic; Germany Democratic Republic; GDR",
    "DEU": "West Germany; German Federal Republic; FRG",
    "EGY": "United Arab Republic",
    "ETH": "Abyssinia",
    "GBR": "UK; Great Britain; Britain",
    "HKG": "Hong Kong China",
    "IRN": "Persia",
    "KHM": "Kampuchea; Democratic Kampuchea",
    "KGZ": "Kirghizia",
    "KOR": "ROK",
    "LBY": "Libyan Arab Jamahiriya",
    "LKA": "Ceylon",
    "MAC": "Macau",
    "MDG": "Malagasy Republic",
    "MKD": "Macedonia; Macedonia FYR; FYROM; Former Yugoslav Republic of Macedonia",
    "MMR": "Burma; BUR; Union of Burma",
    "MNG": "Mongolian People's Republic",
    "PRK": "DPRK",
    "PSE": "Palestine; West Bank and Gaza; West Bank; Gaza; Occupied Palestinian Territory",
    "RUS": "Russia",
    "RVN": "South Vietnam; Republic of Vietnam; Republic of Viet Nam",
    "SRB": "FR Yugoslavia; Serbia and Montenegro; SCG",
    "SUN": "Soviet Union; USSR; Union of Soviet Socialist Republics",
    "SWZ": "Swaziland",
    "THA": "Siam",
    "TLS": "East Timor; TMP",
    "TUR": "Turkey",
    "TWN": "Taiwan China; Republic of China; Chinese Taipei; ROC",
    "TZA": "Tanganyika",
    "USA": "America",
    "VAT": "Vatican; Vatican City",
    "VNM": "North Vietnam; Democratic Republic of Vietnam; Democratic Republic of Viet Nam; VDR",
    "XKX": "Kosovo",
    "YEM": "North Yemen; Yemen Arab Republic",
    "YMD": "South Yemen; Yemen PDR; People's Republic of Yemen; Democratic Yemen; "
    "People's Republic of South Yemen",
    "YUG": "Yugoslavia; SFR Yugoslavia; SFRY",
    "ZWE": "Rhodesia; Southern Rhodesia; Zimbabwe Rhodesia; RHO",
}
SUCCESSION = (  # either name of a pair means the first before that day, the second from it on
    ("SUN", "RUS", dt.date(1992, 1, 1)),
    ("YUG", "SRB", dt.date(1992, 1, 1)),
    ("CSK", "CZE", dt.date(1993, 1, 1)),
)


def words(name: str) -> frozenset[str]:
    """The words of a name that tell it from others, abbreviations written out, without accents."""
    apart = unicodedata.normalize("NFKD", name.replace("ı", "i"))  # letters and their accents
    plain = apart.encode("ascii", "ignore").decode()
    plain = re.sub(r"\b(?:[a-z]\.){2,}", lambda m: m[0].replace(".", "") + " ", plain.lower())
    found = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    written_out = " ".join(SHORT.get(w, w) for w in found).split()
    return frozenset(w for w in written_out if w not in IDLE)


@cache
def known() -> tuple[dict[str, str], dict[frozenset[str], str]]:
    """Codes by the codes that stand for them in capitals, and by the words of every name."""
    import pycountry

    codes = {x: c.alpha_3 for c in pycountry.countries for x in (c.alpha_2, c.alpha_3)}
    names: dict[frozenset[str], str] = {}
    for c in pycountry.countries:
        for field in ("name", "common_name", "official_name"):
            if hasattr(c, field):
                names[words(getattr(c, field))] = c.alpha_3
    for own, listed in NAMES.items():
        codes[own] = own
        names |= {words(name): own for name in listed.split(";")}
    return codes, names


def known_names() -> list[str]:
    """Names for a hint, as most people write them."""
    import pycountry

    today = [getattr(c, "common_name", c.name) for c in pycountry.countries]
    return today + [name.strip() for listed in NAMES.values() for name in listed.split(";")]


def code(name: str) -> str | None:
    """The code of a name, whatever its day, or None if the name is not known."""
    codes, names = known()
    found = codes.get(name.strip().upper()) or names.get(words(name))
    if found is None and "(" in name:  # "Myanmar (Burma)", "Yemen (North Yemen)"
        found = names.get(words(re.sub(r"\([^)]*\)", " ", name)))
    if found is None and re.search("[/;]", name):  # "Burma/Myanmar", where both are the same
        parts = {names.get(words(part)) for part in re.split("[/;]", name)} - {None}
        found = parts.pop() if len(parts) == 1 else None
    return found


@cache
def state(name: str, day: dt.date) -> str:
    """The state that a name means on a day: a code, or the name in small letters if unknown."""
    found = code(name)
    for before, after, when in SUCCESSION:
        if found in (before, after):
            return before if day < when else after
    return found or " ".join(name.casefold().split())
