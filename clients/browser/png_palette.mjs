// Smaller PNG files: a page of text needs no more than 64 colours, so each point takes one byte instead of four.

import { deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const MOST_COLOURS = 64;

/** The same picture with a palette. Colours that are rarer than the 64 most frequent become the nearest of these. */
export function smaller(png) {
  const { width, height, points } = decoded(png);
  const counts = new Map();
  for (const point of points) counts.set(point, (counts.get(point) ?? 0) + 1);
  const colours = [...counts.entries()].sort((one, other) => other[1] - one[1] || one[0] - other[0]).map(([colour]) => colour);
  const palette = colours.slice(0, MOST_COLOURS);
  const places = new Map(colours.map((colour, index) => [colour, index < MOST_COLOURS ? index : nearest(palette, colour)]));
  const rows = Buffer.alloc(height * (width + 1)); // each row begins with 0: no filter
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = places.get(points[y * width + x]);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8); // 8 bits, palette
  const bytes = Buffer.from(palette.flatMap((colour) => channels(colour)));
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('PLTE', bytes), chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

const channels = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];

function nearest(palette, colour) {
  const wanted = channels(colour);
  const distance = (other) => channels(other).reduce((sum, channel, index) => sum + (channel - wanted[index]) ** 2, 0);
  let best = 0;
  for (let index = 1; index < palette.length; index += 1) if (distance(palette[index]) < distance(palette[best])) best = index;
  return best;
}

/** The points of a screenshot, each as one number: 8 bits for red, green and blue. */
function decoded(png) {
  const data = [];
  let header;
  for (let at = SIGNATURE.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    const kind = png.toString('latin1', at + 4, at + 8);
    const content = png.subarray(at + 8, at + 8 + length);
    if (kind === 'IHDR') header = content;
    if (kind === 'IDAT') data.push(content);
    at += length + 12;
  }
  const [width, height, bits, type] = [header.readUInt32BE(0), header.readUInt32BE(4), header[8], header[9]];
  const size = { 2: 3, 6: 4 }[type];
  if (bits !== 8 || !size || header[12] !== 0) throw new Error(`a screenshot has ${bits} bits, colour type ${type}, interlace ${header[12]}, which is not read here`);
  const rows = unfiltered(inflateSync(Buffer.concat(data)), width * size, height, size);
  const points = new Uint32Array(width * height);
  for (let index = 0; index < points.length; index += 1) {
    const at = index * size;
    points[index] = (rows[at] << 16) | (rows[at + 1] << 8) | rows[at + 2];
  }
  return { width, height, points };
}

/** The bytes of all rows. Each row names its filter: what was taken from each byte before it was packed (PNG, section 9). */
function unfiltered(packed, length, height, size) {
  const rows = Buffer.alloc(length * height);
  for (let y = 0; y < height; y += 1) {
    const filter = packed[y * (length + 1)];
    for (let x = 0; x < length; x += 1) {
      const at = y * length + x;
      const left = x >= size ? rows[at - size] : 0;
      const up = y > 0 ? rows[at - length] : 0;
      const corner = x >= size && y > 0 ? rows[at - length - size] : 0;
      const taken = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      rows[at] = packed[y * (length + 1) + 1 + x] + taken;
    }
  }
  return rows;
}

function paeth(left, up, corner) {
  const [byLeft, byUp, byCorner] = [left, up, corner].map((value) => Math.abs(left + up - corner - value));
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}

function chunk(kind, content) {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** The check sum of a chunk (PNG, section 5.5). `zlib.crc32` is younger than the oldest Node.js that runs this. */
function crc32(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}
