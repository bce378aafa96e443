import type { Calibration, Model } from './model.ts'
import type { Network } from './network.ts'

/** Begins every file of a model; the number grows when the layout changes. */
const MAGIC = 'paios language model 4'

/** What stands before the numbers, as one line of JSON. */
interface Header {
  magic: typeof MAGIC
  labels: string[]
  features: number
  units: number
  /** Length of the weights as they are packed. */
  packed: number
  unseen_idf: number
  calibration: Calibration
}

/**
 * A model as bytes, the same for the same model: a line of JSON, and after it the lists of numbers, little-endian,
 * the four-byte ones first, the weights, which are mostly 0, in packed form.
 */
export function toBytes(model: Model): Uint8Array {
  const { labels, hashes, unseen_idf, calibration, network } = model
  const weights = packed(model.weights)
  const units = network.inner_biases.length
  const sizes = { features: hashes.length, units, packed: weights.length }
  const header = { magic: MAGIC, labels, ...sizes, unseen_idf, calibration }
  const parts = [
    Buffer.from(`${JSON.stringify(header)}\n`),
    hashes,
    model.idf,
    model.scales,
    model.biases,
    network.inner_scales,
    network.inner_biases,
    network.outer,
    network.outer_biases,
    weights,
    network.inner,
  ]
  return new Uint8Array(
    Buffer.concat(
      parts.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
    ),
  )
}

/** @throws Error when the bytes are not those of a model, or not all of them. */
export function fromBytes(bytes: Uint8Array): Model {
  const end = bytes.indexOf(10)
  const {
    labels,
    features,
    units,
    packed: length,
    unseen_idf,
    calibration,
  } = readHeader(bytes.subarray(0, end + 1))
  // A copy begins where lists of numbers may begin.
  const { buffer } = new Uint8Array(bytes.subarray(end + 1))
  const width = labels.length
  let at = 0
  const place = (count: number, size: number): [ArrayBuffer, number, number] => {
    const from = at
    at += count * size
    return [buffer, from, count]
  }
  const numbers = 2 * features + 3 * width + 2 * units + width * units
  if (buffer.byteLength !== 4 * numbers + length + features * units)
    throw new Error('These bytes are no model: they have another length.')
  const floats = (count: number) => new Float32Array(...place(count, 4))
  const hashes = new Uint32Array(...place(features, 4))
  const [idf, scales, biases] = [floats(features), floats(width), floats(width)]
  const [inner_scales, inner_biases] = [floats(units), floats(units)]
  const [outer, outer_biases] = [floats(width * units), floats(width)]
  const weights = unpacked(new Int8Array(...place(length, 1)), features * width)
  const inner = new Int8Array(...place(features * units, 1))
  const network: Network = { inner, inner_scales, inner_biases, outer, outer_biases }
  return { hashes, idf, unseen_idf, labels, weights, scales, biases, network, calibration }
}

function readHeader(line: Uint8Array): Header {
  if (!Buffer.from(line).toString('latin1').startsWith(`{"magic":"${MAGIC}"`))
    throw new Error('These bytes are no model of this version.')
  return JSON.parse(Buffer.from(line).toString('utf8')) as Header
}

/** The longest run of zeros that one pair stands for: its length has to be a signed byte. */
const RUN_MAX = 127

/** Each run of zeros as a zero and its length. */
function packed(values: Int8Array): Int8Array {
  const bytes: number[] = []
  for (let at = 0; at < values.length;) {
    const value = values[at] ?? 0
    let run = 1
    if (value === 0) while (run < RUN_MAX && values[at + run] === 0) run += 1
    if (value === 0) bytes.push(0, run)
    else bytes.push(value)
    at += run
  }
  return Int8Array.from(bytes)
}

/** @throws Error when the bytes stand for more or fewer values than these. */
function unpacked(bytes: Int8Array, count: number): Int8Array {
  const values = new Int8Array(count)
  let filled = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const value = bytes[at] ?? 0
    if (value !== 0) values[filled] = value
    filled += value === 0 ? Math.max(1, bytes[(at += 1)] ?? 1) : 1
  }
  if (filled !== count) throw new Error('These bytes are no model: weights are missing.')
  return values
}
