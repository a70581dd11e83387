"""Write the countries of the library that `thermidor new` makes.

python -m docs.make.countries [NAME ...]
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import thermidor as th

FOLDER = Path(__file__).parents[2] / "thermidor" / "library" / "countries"
COUNTRIES: dict[str, dict[str, Any]] = {
    "gdr-1989": {"country": "DDR", "date": "1989-09-04"},
    "tun-2010": {"country": "TUN", "date": "2010-12-17"},
    "egy-2011": {"country": "EGY", "date": "2011-01-25"},
    "zwe-2017": {"country": "ZWE", "date": "2017-11-14"},
    "sdn-2018": {"country": "SDN", "date": "2018-12-19"},
    "ven-2019": {"country": "VEN", "date": "2019-01-23", "uprising": True},
    "blr-2020": {"country": "BLR", "date": "2020-08-09"},
    "mmr-2021": {"country": "MMR", "date": "2021-02-02"},
    "cub-2021": {"country": "CUB", "date": "2021-07-11", "uprising": True},
    "kaz-2022": {"country": "KAZ", "date": "2022-01-02", "uprising": True},
    "ven-2024": {"country": "VEN", "date": "2024-07-29", "uprising": True},
}


def main(names: list[str]) -> None:
    for name in names or COUNTRIES:
        path = th.new(**COUNTRIES[name], out=FOLDER / f"{name}.yaml", force=True)
        print(path.name)


if __name__ == "__main__":
    main(sys.argv[1:])
