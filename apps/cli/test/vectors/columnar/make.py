"""Writes the columnar files that the tests read. Run with pandas and pyarrow installed."""

import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as parquet

folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
rows = 12
frame = pd.DataFrame(
    {
        "date": pd.date_range("2021-12-31 23:55", periods=rows, freq="5min", tz="UTC"),
        "open": [100 + i / 4 for i in range(rows)],
        "high": [101 + i / 4 for i in range(rows)],
        "low": [99 + i / 4 for i in range(rows)],
        "close": [100.5 + i / 4 for i in range(rows)],
        "volume": [1000.25 * (i % 3) for i in range(rows)],
    }
)
for codec in ["snappy", "gzip", "zstd", "brotli", "lz4"]:
    frame.to_parquet(folder / f"pandas-{codec}.parquet", compression=codec, index=False)
for codec in ["lz4", "zstd", "uncompressed"]:
    feather.write_feather(frame, folder / f"freqtrade-{codec}.feather", compression=codec)
table = pa.Table.from_pandas(frame, preserve_index=False)
for unit in ["s", "ms", "us", "ns"]:
    changed = table.set_column(0, "date", table["date"].cast(pa.timestamp(unit, tz="UTC")))
    parquet.write_table(changed, folder / f"time-{unit}.parquet", version="2.6")
    feather.write_feather(changed, folder / f"time-{unit}.feather")
counts = table.set_column(0, "timestamp", table["date"].cast(pa.int64()))
parquet.write_table(counts, folder / "time-count.parquet", data_page_version="2.0")
missing = pa.array([None if i == 4 else 1.0 for i in range(rows)], pa.float64())
holed = table.set_column(5, "volume", missing)
parquet.write_table(holed, folder / "null.parquet")
feather.write_feather(holed, folder / "null.feather")
