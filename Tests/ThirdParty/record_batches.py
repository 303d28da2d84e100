#!/usr/bin/env python3
"""Reads and writes Kafka record batches with kafka-python, which knows nothing of Curlew.

record_batches.py decode FILE...  prints what each file holds, its checksums verified
record_batches.py encode DIR      writes one file a codec into DIR, prints what it put there

Both print one JSON object a line: file, batches, and in each its header and records, bytes in base64.
"""

import base64
import json
import pathlib
import random
import sys

from kafka.record import MemoryRecords, MemoryRecordsBuilder

CODECS = {"none": 0, "gzip": 1, "zstd": 4}
PRODUCER = {"producer_id": 77, "producer_epoch": 5, "base_sequence": 99}
SEED = 20


def text(data):
    return None if data is None else base64.b64encode(data).decode()


def record_object(offset, timestamp, key, value, headers):
    return {
        "offset": offset,
        "timestamp": timestamp,
        "key": text(key),
        "value": text(value),
        "headers": [{"key": name, "value": text(data)} for name, data in headers],
    }


def batch_object(batch):
    if not batch.validate_crc():
        sys.exit(f"the checksum of the batch at offset {batch.base_offset} is wrong")
    return {
        "base_offset": batch.base_offset,
        "last_offset": batch.last_offset,
        "leader_epoch": batch.leader_epoch,
        "codec": batch.compression_type,
        "timestamp_type": batch.timestamp_type,
        "transactional": batch.is_transactional,
        "max_timestamp": batch.max_timestamp,
        "producer_id": batch.producer_id,
        "producer_epoch": batch.producer_epoch,
        "base_sequence": batch.base_sequence,
        "records": [
            record_object(r.offset, r.timestamp, r.key, r.value, r.headers) for r in batch
        ],
    }


def decode(path):
    data = path.read_bytes()
    records = MemoryRecords(data)
    batches = [batch_object(batch) for batch in records]
    if records.valid_bytes() != len(data):
        sys.exit(f"{path}: only {records.valid_bytes()} of {len(data)} bytes are batches")
    return {"file": path.name, "batches": batches}


def some_records(chance):
    def some_bytes():
        size = chance.choice([None, 0, 1, 63, 64, 500])
        # Of few letters: the library leaves a batch as it is that does not shrink.
        return None if size is None else bytes(chance.choices(b"\x00ab\xff", k=size))

    for _ in range(200):
        timestamp = 1_700_000_000_000 + chance.randrange(-(10**6), 10**6)
        names = chance.sample(["", "h", "größe"], chance.randrange(4))
        yield timestamp, some_bytes(), some_bytes(), [(name, some_bytes()) for name in names]


def encode(directory, name, codec):
    builder = MemoryRecordsBuilder(
        magic=2, compression_type=codec, batch_size=1 << 30, transactional=True, **PRODUCER)
    records = []
    for timestamp, key, value, headers in some_records(random.Random(SEED)):
        builder.append(timestamp, key, value, headers)
        records.append(record_object(len(records), timestamp, key, value, headers))
    builder.close()
    path = directory / f"{name}.batch"
    path.write_bytes(builder.buffer())
    batch = {
        "base_offset": 0,
        "last_offset": len(records) - 1,
        # What a producer writes here has no meaning; a log stamps it.
        "leader_epoch": 0,
        "codec": codec,
        "timestamp_type": 0,
        "transactional": True,
        "max_timestamp": max(record["timestamp"] for record in records),
        **PRODUCER,
        "records": records,
    }
    return {"file": path.name, "batches": [batch]}


def main(arguments):
    match arguments:
        case ["decode", *files] if files:
            results = [decode(pathlib.Path(file)) for file in files]
        case ["encode", directory]:
            results = [encode(pathlib.Path(directory), *codec) for codec in CODECS.items()]
        case _:
            sys.exit(__doc__)
    for result in results:
        print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1:])
