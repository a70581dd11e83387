"""What results become with optional packages: data frames of pandas, data sets of xarray."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from ..support.faults import Fault

if TYPE_CHECKING:
    import pandas
    import xarray


def needed(module: str, what: str, extra: str) -> Any:
    """A module that only some use. Raises Fault, which says how to install it."""
    try:
        return importlib.import_module(module)
    except ImportError as e:
        raise Fault(
            f"{what} needs {e.name}, which is not installed; "
            f"`pip install 'thermidor[{extra}]'` brings it."
        ) from e


def to_pandas(table: pl.DataFrame) -> pandas.DataFrame:
    """The same table as a pandas DataFrame: texts as objects, whole numbers with gaps as floats."""
    pd = needed("pandas", "to_pandas()", "frames")
    made: pandas.DataFrame = pd.DataFrame({c: table[c].to_numpy() for c in table.columns})
    return made


def to_xarray(
    series: pl.DataFrame, about: Mapping[str, Mapping[str, str]], attributes: Mapping[str, Any]
) -> xarray.Dataset:
    """Daily series as variables float32[run, day], NaN after a future's end.

    series: columns run and day, and one for each variable.  about: attributes by variable.
    """
    xr = needed("xarray", "to_xarray()", "frames")
    runs = np.unique(series["run"].to_numpy())
    days = np.unique(series["day"].to_numpy())
    row = np.searchsorted(runs, series["run"].to_numpy())
    column = np.searchsorted(days, series["day"].to_numpy())
    variables = {}
    for name in series.columns:
        if name in ("run", "day"):
            continue
        values = np.full((len(runs), len(days)), np.nan, np.float32)
        values[row, column] = series[name].to_numpy()
        variables[name] = (("run", "day"), values, dict(about.get(name, {})))
    made: xarray.Dataset = xr.Dataset(
        variables, coords={"run": runs, "day": days}, attrs=dict(attributes)
    )
    return made
