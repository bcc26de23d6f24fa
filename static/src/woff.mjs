// A font out of its WOFF 1.0 wrapping (https://www.w3.org/TR/WOFF/), as the OpenType file it was made from.
import { inflateSync } from "node:zlib";

const WOFF_HEADER = 44; // bytes; then one entry a table: tag, offset, packed length, length, checksum
const WOFF_ENTRY = 20;
const HEADER = 12; // bytes; then one entry a table: tag, checksum, offset, length
const ENTRY = 16;

const padded = (length) => Math.ceil(length / 4) * 4;

export function unpackWoff(woff) {
  if (woff.toString("latin1", 0, 4) !== "wOFF") throw new Error("This is no WOFF file.");
  const count = woff.readUInt16BE(12);
  const tables = Array.from({ length: count }, (_, place) => {
    const at = WOFF_HEADER + place * WOFF_ENTRY;
    const [offset, packed, length, checksum] = [4, 8, 12, 16].map((part) => woff.readUInt32BE(at + part));
    const bytes = woff.subarray(offset, offset + packed);
    return { tag: woff.subarray(at, at + 4), checksum, data: packed < length ? inflateSync(bytes) : bytes };
  });

  const start = HEADER + count * ENTRY;
  const font = Buffer.alloc(tables.reduce((size, { data }) => size + padded(data.length), start));
  woff.copy(font, 0, 4, 8); // what kind of outlines it holds
  const power = Math.floor(Math.log2(count));
  [count, 2 ** power * 16, power, (count - 2 ** power) * 16].forEach((n, i) => font.writeUInt16BE(n, 4 + i * 2));

  let offset = start;
  tables.forEach(({ tag, checksum, data }, place) => {
    const at = HEADER + place * ENTRY;
    tag.copy(font, at);
    [checksum, offset, data.length].forEach((number, i) => font.writeUInt32BE(number, at + 4 + i * 4));
    data.copy(font, offset);
    offset += padded(data.length);
  });
  return font;
}
